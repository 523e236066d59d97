package dev.openppu.model.compute;

import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.Rounding;
import dev.openppu.abi.error.FaultMapping;

/** Floating-point arithmetic in single and double precision. NaN results: see {@link Floats}. */
final class FloatFunctions {
    /** An operation on up to three floats. */
    interface Single {
        float apply(float a, float b, float c);
    }

    /** An operation on up to three doubles. */
    interface Double3 {
        double apply(double a, double b, double c);
    }

    private FloatFunctions() {}

    static LaneFunction single(Opcode opcode, Instruction instruction) throws InvalidCode {
        boolean flush = instruction.flushToZero();
        boolean saturate = instruction.saturate();
        Single operation = singleOperation(opcode, instruction);
        return (a, b, c, e) -> {
            float result = operation.apply(Floats.single(a, flush), Floats.single(b, flush), Floats.single(c, flush));
            return Floats.bits(result, flush, saturate);
        };
    }

    static Single singleOperation(Opcode opcode, Instruction instruction) throws InvalidCode {
        Rounding mode = Decoded.valid(instruction.rounding());
        return switch (opcode) {
            case ADD -> (a, b, c) -> Exact.add(a, b, mode);
            case SUB -> (a, b, c) -> Exact.add(a, -b, mode);
            case MUL -> (a, b, c) -> Exact.multiply(a, b, mode);
            case FMA, MAD -> (a, b, c) -> Exact.fma(a, b, c, mode);
            case DIV -> divide(instruction, mode);
            case RCP -> (a, b, c) -> Exact.divide(1, a, mode);
            case SQRT -> (a, b, c) -> Exact.squareRoot(a, mode);
            case RSQRT -> (a, b, c) -> (float) (1 / Math.sqrt(a));
            case SIN -> (a, b, c) -> (float) StrictMath.sin(a);
            case COS -> (a, b, c) -> (float) StrictMath.cos(a);
            case LG2 -> (a, b, c) -> (float) (StrictMath.log(a) / StrictMath.log(2));
            case EX2 -> (a, b, c) -> (float) StrictMath.pow(2, a);
            case TANH -> (a, b, c) -> (float) StrictMath.tanh(a);
            default -> throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    /** div.approx is documented to lose quotients by divisors of 2^126 and more. */
    private static Single divide(Instruction instruction, Rounding mode) {
        if (!instruction.hasVariant(Instruction.VARIANT_APPROX)) {
            return (a, b, c) -> Exact.divide(a, b, mode);
        }
        return (a, b, c) -> {
            if (Math.abs(b) > 0x1p126f && !Float.isInfinite(b)) {
                return Float.isInfinite(a) ? Float.NaN : a * Math.copySign(0f, b);
            }
            return a / b;
        };
    }

    static LaneFunction twice(Opcode opcode, Instruction instruction) throws InvalidCode {
        boolean coarse = instruction.flushToZero() && (opcode == Opcode.RCP || opcode == Opcode.RSQRT);
        if (coarse) {
            return (a, b, c, e) -> Floats.coarse(a, opcode == Opcode.RSQRT);
        }
        Double3 operation = doubleOperation(opcode, Decoded.valid(instruction.rounding()));
        return (a, b, c, e) -> {
            double result = operation.apply(Double.longBitsToDouble(a), Double.longBitsToDouble(b), Double.longBitsToDouble(c));
            return Double.isNaN(result) ? Floats.propagateNan(a, b, c) : Double.doubleToRawLongBits(result);
        };
    }

    private static Double3 doubleOperation(Opcode opcode, Rounding mode) throws InvalidCode {
        return switch (opcode) {
            case ADD -> (a, b, c) -> Exact.add(a, b, mode);
            case SUB -> (a, b, c) -> Exact.add(a, -b, mode);
            case MUL -> (a, b, c) -> Exact.multiply(a, b, mode);
            case FMA, MAD -> (a, b, c) -> Exact.fma(a, b, c, mode);
            case DIV -> (a, b, c) -> Exact.divide(a, b, mode);
            case RCP -> (a, b, c) -> Exact.divide(1, a, mode);
            case SQRT -> (a, b, c) -> Exact.squareRoot(a, mode);
            case RSQRT -> (a, b, c) -> 1 / Math.sqrt(a);
            default -> throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    /** Single precision with sources of half the width: a (and b of a product) are widened first. */
    static LaneFunction mixed(Opcode opcode, FloatFormat format, Instruction instruction) throws InvalidCode {
        Single operation = singleOperation(opcode, instruction);
        boolean saturate = instruction.saturate();
        if (opcode == Opcode.FMA) {
            return (a, b, c, e) -> Floats.bits(operation.apply((float) format.widen(a), (float) format.widen(b), Floats.single(c, false)),
                    false, saturate);
        }
        Decoded.require(opcode == Opcode.ADD || opcode == Opcode.SUB);
        return (a, b, c, e) -> Floats.bits(operation.apply((float) format.widen(a), Floats.single(b, false), 0), false, saturate);
    }
}
