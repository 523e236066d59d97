package dev.openppu.model.compute;

/**
 * Bits of floating-point values.
 *
 * <p>NaN results are the same on every host: single and half precision give the canonical NaN (all ones but the sign); double precision hands on the first
 * NaN operand, made quiet, and where none was, the canonical NaN 0x7FFFFFFF00000000 (its encoding is TIX's, the choice of where to use it ours).
 */
final class Floats {
    static final int CANONICAL_NAN_32 = 0x7FFF_FFFF;
    static final long CANONICAL_NAN_64 = 0x7FFF_FFFF_0000_0000L;

    private static final long QUIET = 0x0008_0000_0000_0000L;

    private Floats() {}

    static float single(long bits, boolean flush) {
        float value = Float.intBitsToFloat((int) bits);
        return flush ? flush(value) : value;
    }

    /** A value below the smallest normal number becomes zero of its sign. */
    static float flush(float value) {
        return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0f, value) : value;
    }

    static long bits(float value, boolean flush, boolean saturate) {
        if (saturate) {
            return Float.floatToRawIntBits(saturate(value));
        }
        return Float.isNaN(value) ? CANONICAL_NAN_32 : Float.floatToRawIntBits(flush ? flush(value) : value);
    }

    /** Clamped to [0, 1]; NaN becomes +0. */
    static float saturate(float value) {
        return value > 0 ? Math.min(value, 1f) : 0f;
    }

    static boolean isNan64(long bits) {
        return (bits & Long.MAX_VALUE) > 0x7FF0_0000_0000_0000L;
    }

    static long propagateNan(long a, long b, long c) {
        for (long operand : new long[]{a, b, c}) {
            if (isNan64(operand)) {
                return operand | QUIET;
            }
        }
        return CANONICAL_NAN_64;
    }

    /** rcp and rsqrt .approx.ftz.f64: only the upper words take part, subnormal numbers count as zero. */
    static long coarse(long bits, boolean squareRoot) {
        if (isNan64(bits)) {
            return CANONICAL_NAN_64;
        }
        double value = Double.longBitsToDouble(bits & 0xFFFF_FFFF_0000_0000L);
        if (Math.abs(value) < Double.MIN_NORMAL) {
            value = Math.copySign(0.0, value);
        }
        double result = 1 / (squareRoot && value != 0 ? Math.sqrt(value) : value);
        if (Double.isNaN(result)) {
            return CANONICAL_NAN_64;
        }
        if (Math.abs(result) < Double.MIN_NORMAL) {
            result = Math.copySign(0.0, result);
        }
        return Double.doubleToRawLongBits(result) & 0xFFFF_FFFF_0000_0000L;
    }
}
