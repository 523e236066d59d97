package dev.openppu.model.compute;

import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.Rounding;
import dev.openppu.abi.error.FaultMapping;

/** Arithmetic of the 16-bit floating-point formats, in double precision rounded to odd and then once to the format. */
final class HalfFunctions {
    private HalfFunctions() {}

    static LaneFunction of(Opcode opcode, FloatFormat format, Instruction instruction) throws InvalidCode {
        FloatFunctions.Double3 operation = operation(opcode);
        boolean flush = instruction.flushToZero();
        boolean saturate = instruction.saturate();
        boolean relu = opcode == Opcode.FMA && instruction.hasVariant(Instruction.VARIANT_RELU);
        return (a, b, c, e) -> {
            double result = operation.apply(widen(format, a, flush), widen(format, b, flush), widen(format, c, flush));
            if (saturate) {
                result = result > 0 ? Math.min(result, 1) : 0;
            } else if (relu && result < 0) {
                result = 0;
            }
            int bits = format.narrow(result, Rounding.NEAREST_EVEN);
            return flush && (bits & 0x7FFF) < format.smallestNormal() ? bits & 0x8000 : bits;
        };
    }

    private static double widen(FloatFormat format, long bits, boolean flush) {
        double value = format.widen(bits);
        return flush && (bits & 0x7FFF) < format.smallestNormal() ? Math.copySign(0.0, value) : value;
    }

    private static FloatFunctions.Double3 operation(Opcode opcode) throws InvalidCode {
        return switch (opcode) {
            case ADD -> (a, b, c) -> Exact.fmaToOdd(a, 1, b);
            case SUB -> (a, b, c) -> Exact.fmaToOdd(a, 1, -b);
            case MUL -> (a, b, c) -> a * b;
            case FMA -> Exact::fmaToOdd;
            case EX2 -> (a, b, c) -> StrictMath.pow(2, a);
            case TANH -> (a, b, c) -> StrictMath.tanh(a);
            default -> throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }
}
