package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;

/** Values of narrow types in the long that carries an operand. */
final class Bits {
    private Bits() {}

    static long signExtend(long value, int bits) {
        return value << 64 - bits >> 64 - bits;
    }

    static long zeroExtend(long value, int bits) {
        return bits == 64 ? value : value & (1L << bits) - 1;
    }

    /** The number that the low bits of a register mean. */
    static long extend(long value, DataType type) {
        return type.isSigned() ? signExtend(value, type.bits()) : zeroExtend(value, type.bits());
    }

    /** Upper half of the 2N-bit product. */
    static long multiplyHigh(long a, long b, DataType type) {
        int bits = type.bits();
        if (bits == 64) {
            return type.isSigned() ? Math.multiplyHigh(a, b) : Math.unsignedMultiplyHigh(a, b);
        }
        return extend(a, type) * extend(b, type) >> bits;
    }

    static int compare(long a, long b, DataType type) {
        long x = extend(a, type);
        long y = extend(b, type);
        return type.isSigned() ? Long.compare(x, y) : Long.compareUnsigned(x, y);
    }

    /** A number clamped to 32-bit signed. */
    static long saturate32(long value) {
        return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
}
