package dev.openppu.model.compute;

import dev.openppu.abi.code.AtomicOperation;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.error.FaultMapping;

/** What atomic operations make of the old value (a), their operand (b) and, for cas, the replacement (c). */
final class AtomicFunctions {
    private AtomicFunctions() {}

    static LaneFunction of(AtomicOperation operation, DataType type, boolean global) throws InvalidCode {
        return switch (type) {
            case F16X2 -> ofFloat(operation, FloatFormat.F16).onHalves();
            case BF16X2 -> ofFloat(operation, FloatFormat.BF16).onHalves();
            case F16 -> ofFloat(operation, FloatFormat.F16);
            case BF16 -> ofFloat(operation, FloatFormat.BF16);
            case F32 -> ofSingle(operation, global);
            case F64 -> ofDouble(operation);
            default -> ofInteger(operation, type);
        };
    }

    private static LaneFunction ofFloat(AtomicOperation operation, FloatFormat format) throws InvalidCode {
        Decoded.require(operation == AtomicOperation.ADD);
        return (a, b, c, e) -> format.narrow(Exact.fmaToOdd(format.widen(a), 1, format.widen(b)),
                dev.openppu.abi.code.Rounding.NEAREST_EVEN);
    }

    /** atom.add.f32 flushes subnormal values in global memory and keeps them in shared memory, as documented. */
    private static LaneFunction ofSingle(AtomicOperation operation, boolean global) throws InvalidCode {
        return switch (operation) {
            case ADD -> (a, b, c, e) -> Floats.bits(Floats.single(a, global) + Floats.single(b, global), global, false);
            case EXCH -> (a, b, c, e) -> b;
            default -> throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    private static LaneFunction ofDouble(AtomicOperation operation) throws InvalidCode {
        return switch (operation) {
            case ADD -> (a, b, c, e) -> {
                double sum = Double.longBitsToDouble(a) + Double.longBitsToDouble(b);
                return Double.isNaN(sum) ? Floats.propagateNan(a, b, 0) : Double.doubleToRawLongBits(sum);
            };
            case EXCH -> (a, b, c, e) -> b;
            default -> throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    private static LaneFunction ofInteger(AtomicOperation operation, DataType type) {
        return switch (operation) {
            case AND -> (a, b, c, e) -> a & b;
            case OR -> (a, b, c, e) -> a | b;
            case XOR -> (a, b, c, e) -> a ^ b;
            case CAS -> (a, b, c, e) -> a == b ? c : a;
            case EXCH -> (a, b, c, e) -> b;
            case ADD -> (a, b, c, e) -> a + b;
            case INC -> (a, b, c, e) -> Long.compareUnsigned(a, b) >= 0 ? 0 : a + 1;
            case DEC -> (a, b, c, e) -> a == 0 || Long.compareUnsigned(a, b) > 0 ? b : a - 1;
            case MIN -> (a, b, c, e) -> Bits.compare(a, b, type) < 0 ? a : b;
            case MAX -> (a, b, c, e) -> Bits.compare(a, b, type) > 0 ? a : b;
        };
    }
}
