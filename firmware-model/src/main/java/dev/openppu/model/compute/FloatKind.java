package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;

/** The scalar floating-point types by their bits. */
enum FloatKind {
    F16(16, 10), BF16(16, 7), F32(32, 23), F64(64, 52);

    private final int bits;
    private final long smallestNormal;
    private final long infinity;

    FloatKind(int bits, int fractionBits) {
        this.bits = bits;
        this.smallestNormal = 1L << fractionBits;
        this.infinity = (1L << bits - 1) - (1L << fractionBits);
    }

    /** The kind of a scalar type, or of the elements of a packed one. */
    static FloatKind of(DataType type) throws InvalidCode {
        return switch (type) {
            case F16, F16X2 -> F16;
            case BF16, BF16X2 -> BF16;
            case F32, F32X2 -> F32;
            case F64 -> F64;
            default -> throw new InvalidCode(dev.openppu.abi.error.FaultMapping.KERNEL_INVALID_INSTRUCTION);
        };
    }

    long signBit() {
        return 1L << bits - 1;
    }

    private long magnitude(long value) {
        return value & signBit() - 1;
    }

    boolean isNan(long value) {
        return magnitude(value) > infinity;
    }

    boolean isInfinite(long value) {
        return magnitude(value) == infinity;
    }

    /** Not zero and below the smallest normal number. */
    boolean isSubnormal(long value) {
        long magnitude = magnitude(value);
        return magnitude != 0 && magnitude < smallestNormal;
    }

    long canonicalNan() {
        return this == F64 ? Floats.CANONICAL_NAN_64 : signBit() - 1;
    }

    long flushed(long value, boolean flush) {
        return flush && isSubnormal(value) ? value & signBit() : value;
    }

    /** The value, exactly; NaN for a NaN. */
    double value(long value) {
        return switch (this) {
            case F16 -> FloatFormat.F16.widen(value);
            case BF16 -> FloatFormat.BF16.widen(value);
            case F32 -> Float.intBitsToFloat((int) value);
            case F64 -> Double.longBitsToDouble(value);
        };
    }
}
