package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.ProductPart;
import dev.openppu.abi.error.FaultMapping;

/** Integer arithmetic, scalar and packed. */
final class IntegerFunctions {
    private IntegerFunctions() {}

    static LaneFunction of(Opcode opcode, DataType type, Decoded decoded) throws InvalidCode {
        Instruction instruction = decoded.instruction();
        if (type.kind() == DataType.Kind.PACKED_INTEGER) {
            DataType half = type == DataType.S16X2 ? DataType.S16 : DataType.U16;
            return scalar(opcode, half, instruction).onHalves();
        }
        Decoded.require(type.isInteger());
        return scalar(opcode, type, instruction);
    }

    private static LaneFunction scalar(Opcode opcode, DataType type, Instruction instruction) throws InvalidCode {
        boolean saturate = instruction.saturate();
        Decoded.require(!saturate || type == DataType.S32);
        return switch (opcode) {
            case ADD -> saturate ? (a, b, c, e) -> Bits.saturate32((long) (int) a + (int) b) : (a, b, c, e) -> a + b;
            case SUB -> saturate ? (a, b, c, e) -> Bits.saturate32((long) (int) a - (int) b) : (a, b, c, e) -> a - b;
            case MUL -> product(part(instruction), type);
            case MAD -> mad(part(instruction), type, saturate);
            case MUL24 -> product24(instruction, type);
            case MAD24 -> mad24(product24(instruction, type), saturate);
            case DIV -> (a, b, c, e) -> divide(a, b, type);
            case REM -> (a, b, c, e) -> remainder(a, b, type);
            case MIN, MAX -> minMax(opcode == Opcode.MIN ? 1 : -1, type, instruction.hasVariant(Instruction.VARIANT_RELU));
            case ABS -> (a, b, c, e) -> Math.abs(Bits.signExtend(a, type.bits()));
            case NEG -> (a, b, c, e) -> -a;
            case SAD -> (a, b, c, e) -> c + (Bits.compare(a, b, type) >= 0 ? a - b : b - a);
            default -> throw new InvalidCode(FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    static ProductPart part(Instruction instruction) throws InvalidCode {
        return Decoded.valid(ProductPart.of(instruction.variant() & 3));
    }

    private static LaneFunction product(ProductPart part, DataType type) {
        return switch (part) {
            case LO -> (a, b, c, e) -> a * b;
            case HI -> (a, b, c, e) -> Bits.multiplyHigh(a, b, type);
            case WIDE -> (a, b, c, e) -> Bits.extend(a, type) * Bits.extend(b, type);
        };
    }

    private static LaneFunction mad(ProductPart part, DataType type, boolean saturate) throws InvalidCode {
        Decoded.require(!saturate || part == ProductPart.HI);
        return switch (part) {
            case LO -> (a, b, c, e) -> a * b + c;
            case HI -> saturate
                    ? (a, b, c, e) -> Bits.saturate32(Bits.multiplyHigh(a, b, type) + (int) c)
                    : (a, b, c, e) -> Bits.multiplyHigh(a, b, type) + c;
            case WIDE -> (a, b, c, e) -> Bits.extend(a, type) * Bits.extend(b, type) + c;
        };
    }

    private static LaneFunction product24(Instruction instruction, DataType type) throws InvalidCode {
        Decoded.require(type.bits() == 32);
        int shift = part(instruction) == ProductPart.HI ? 16 : 0;
        return type.isSigned()
                ? (a, b, c, e) -> Bits.signExtend(a, 24) * Bits.signExtend(b, 24) >> shift
                : (a, b, c, e) -> Bits.zeroExtend(a, 24) * Bits.zeroExtend(b, 24) >> shift;
    }

    private static LaneFunction mad24(LaneFunction product, boolean saturate) {
        return saturate
                ? (a, b, c, e) -> Bits.saturate32((int) product.apply(a, b, 0, 0) + (long) (int) c)
                : (a, b, c, e) -> product.apply(a, b, 0, 0) + c;
    }

    private static LaneFunction minMax(int sign, DataType type, boolean relu) {
        LaneFunction chosen = (a, b, c, e) -> Bits.compare(a, b, type) * sign <= 0 ? a : b;
        return relu ? (a, b, c, e) -> Math.max(0, Bits.signExtend(chosen.apply(a, b, c, e), type.bits())) : chosen;
    }

    private static long divide(long a, long b, DataType type) throws DeviceTrap {
        long x = Bits.extend(a, type);
        long y = divisor(b, type);
        return type.isSigned() ? x / y : Long.divideUnsigned(x, y);
    }

    private static long remainder(long a, long b, DataType type) throws DeviceTrap {
        long x = Bits.extend(a, type);
        long y = divisor(b, type);
        return type.isSigned() ? x % y : Long.remainderUnsigned(x, y);
    }

    private static long divisor(long b, DataType type) throws DeviceTrap {
        long divisor = Bits.extend(b, type);
        if (divisor == 0) {
            throw new DeviceTrap(FaultMapping.KERNEL_DIVISION_BY_ZERO, -1);
        }
        return divisor;
    }

    /** dp4a: bytes of a (as the type says) times bytes of b (as the source type says), added to c. */
    static LaneFunction dotProduct4(DataType typeA, DataType typeB) {
        return (a, b, c, e) -> {
            long sum = c;
            for (int i = 0; i < 4; i++) {
                sum += element(a >>> 8 * i, 8, typeA) * element(b >>> 8 * i, 8, typeB);
            }
            return sum;
        };
    }

    /** dp2a: halves of a times two neighbouring bytes of b, added to c. */
    static LaneFunction dotProduct2(DataType typeA, DataType typeB, boolean high) {
        int first = high ? 16 : 0;
        return (a, b, c, e) -> c + element(a, 16, typeA) * element(b >>> first, 8, typeB)
                + element(a >>> 16, 16, typeA) * element(b >>> first + 8, 8, typeB);
    }

    private static long element(long value, int bits, DataType type) {
        return type.isSigned() ? Bits.signExtend(value, bits) : Bits.zeroExtend(value, bits);
    }
}
