package dev.openppu.model.compute;

import dev.openppu.abi.code.CompareOperation;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.FloatClass;

/** Relations and tests as predicates of raw bits. */
final class Comparison {
    private Comparison() {}

    static LanePredicate of(CompareOperation operation, DataType type, boolean flush) throws InvalidCode {
        return type.isFloat() ? ofFloats(operation, FloatKind.of(type), flush) : ofIntegers(operation, type);
    }

    private static LanePredicate ofIntegers(CompareOperation operation, DataType type) throws InvalidCode {
        Decoded.require(type.isInteger() || type.kind() == DataType.Kind.BITS && type.bits() <= 64);
        Decoded.require(type.isInteger() || operation == CompareOperation.EQ || operation == CompareOperation.NE);
        return switch (operation) {
            case EQ -> (a, b) -> Bits.extend(a, type) == Bits.extend(b, type);
            case NE -> (a, b) -> Bits.extend(a, type) != Bits.extend(b, type);
            case LT -> (a, b) -> Bits.compare(a, b, type) < 0;
            case LE -> (a, b) -> Bits.compare(a, b, type) <= 0;
            case GT -> (a, b) -> Bits.compare(a, b, type) > 0;
            case GE -> (a, b) -> Bits.compare(a, b, type) >= 0;
            case LO -> (a, b) -> unsigned(a, b, type) < 0;
            case LS -> (a, b) -> unsigned(a, b, type) <= 0;
            case HI -> (a, b) -> unsigned(a, b, type) > 0;
            case HS -> (a, b) -> unsigned(a, b, type) >= 0;
            default -> throw new InvalidCode(dev.openppu.abi.error.FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    private static int unsigned(long a, long b, DataType type) {
        return Long.compareUnsigned(Bits.zeroExtend(a, type.bits()), Bits.zeroExtend(b, type.bits()));
    }

    private static LanePredicate ofFloats(CompareOperation operation, FloatKind kind, boolean flush) throws InvalidCode {
        return switch (operation) {
            case EQ -> (a, b) -> value(a, kind, flush) == value(b, kind, flush);
            case NE -> (a, b) -> value(a, kind, flush) < value(b, kind, flush) || value(a, kind, flush) > value(b, kind, flush);
            case LT -> (a, b) -> value(a, kind, flush) < value(b, kind, flush);
            case LE -> (a, b) -> value(a, kind, flush) <= value(b, kind, flush);
            case GT -> (a, b) -> value(a, kind, flush) > value(b, kind, flush);
            case GE -> (a, b) -> value(a, kind, flush) >= value(b, kind, flush);
            case EQU -> (a, b) -> !(value(a, kind, flush) < value(b, kind, flush) || value(a, kind, flush) > value(b, kind, flush));
            case NEU -> (a, b) -> value(a, kind, flush) != value(b, kind, flush);
            case LTU -> (a, b) -> !(value(a, kind, flush) >= value(b, kind, flush));
            case LEU -> (a, b) -> !(value(a, kind, flush) > value(b, kind, flush));
            case GTU -> (a, b) -> !(value(a, kind, flush) <= value(b, kind, flush));
            case GEU -> (a, b) -> !(value(a, kind, flush) < value(b, kind, flush));
            case NUM -> (a, b) -> !kind.isNan(a) && !kind.isNan(b);
            case NAN -> (a, b) -> kind.isNan(a) || kind.isNan(b);
            default -> throw new InvalidCode(dev.openppu.abi.error.FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    private static double value(long bits, FloatKind kind, boolean flush) {
        return kind.value(kind.flushed(bits, flush));
    }

    static LanePredicate ofClass(FloatClass floatClass, FloatKind kind) {
        return switch (floatClass) {
            case FINITE -> (a, b) -> !kind.isNan(a) && !kind.isInfinite(a);
            case INFINITE -> (a, b) -> kind.isInfinite(a);
            case NUMBER -> (a, b) -> !kind.isNan(a);
            case NOTANUMBER -> (a, b) -> kind.isNan(a);
            case NORMAL -> (a, b) -> !kind.isNan(a) && !kind.isInfinite(a) && !kind.isSubnormal(a);
            case SUBNORMAL -> (a, b) -> kind.isSubnormal(a);
        };
    }
}
