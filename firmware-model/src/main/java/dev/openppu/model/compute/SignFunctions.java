package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Opcode;

/** Operations on floating-point values that never round: abs, neg, copysign, min, max. */
final class SignFunctions {
    private SignFunctions() {}

    static LaneFunction of(Opcode opcode, DataType type, Instruction instruction, boolean three) throws InvalidCode {
        FloatKind kind = FloatKind.of(type);
        boolean flush = instruction.flushToZero();
        long sign = kind.signBit();
        return switch (opcode) {
            case ABS -> (a, b, c, e) -> kind.flushed(a, flush) & ~sign;
            case NEG -> (a, b, c, e) -> kind.flushed(a, flush) ^ sign;
            case COPYSIGN -> (a, b, c, e) -> b & ~sign | a & sign;
            default -> minMax(opcode == Opcode.MIN, kind, instruction, three);
        };
    }

    private static LaneFunction minMax(boolean min, FloatKind kind, Instruction instruction, boolean three) {
        boolean nan = instruction.hasVariant(Instruction.VARIANT_NAN);
        boolean abs = instruction.hasVariant(Instruction.VARIANT_ABS);
        boolean xorSign = instruction.hasVariant(Instruction.VARIANT_XORSIGN) && !three;
        boolean flush = instruction.flushToZero();
        long sign = kind.signBit();
        long keep = abs ? ~sign : -1L;
        return (a, b, c, e) -> {
            long result = choose(kind.flushed(a, flush) & keep, kind.flushed(b, flush) & keep, min, nan, kind);
            if (three) {
                result = choose(result, kind.flushed(c, flush) & keep, min, nan, kind);
            }
            return xorSign && !kind.isNan(result) ? result & ~sign | (a ^ b) & sign : result;
        };
    }

    static long choose(long a, long b, boolean min, boolean nan, FloatKind kind) {
        boolean nanA = kind.isNan(a);
        boolean nanB = kind.isNan(b);
        if (nanA && nanB || nan && (nanA || nanB)) {
            return kind.canonicalNan();
        }
        if (nanA || nanB) {
            return nanA ? b : a;
        }
        boolean aIsLess = Double.compare(kind.value(a), kind.value(b)) < 0;
        return aIsLess == min ? a : b;
    }
}
