package dev.openppu.model.compute;

import dev.openppu.abi.code.Rounding;

/** Whole numbers as floating-point values. */
final class Integers {
    private Integers() {}

    /**
     * A number rounded once to a precision of at most 53 bits.
     *
     * @param magnitude unsigned
     */
    static double round(long magnitude, boolean negative, int precision, Rounding mode) {
        int excess = Math.max(0, 64 - Long.numberOfLeadingZeros(magnitude) - precision);
        if (excess == 0) {
            return signed((double) magnitude, negative);
        }
        long kept = magnitude >>> excess;
        long rest = magnitude & (1L << excess) - 1;
        long half = 1L << excess - 1;
        boolean up = switch (mode) {
            case TOWARD_ZERO -> false;
            case DOWN -> negative && rest != 0;
            case UP -> !negative && rest != 0;
            case NONE, NEAREST_EVEN -> rest > half || rest == half && (kept & 1) != 0;
        };
        return signed(Math.scalb((double) (up ? kept + 1 : kept), excess), negative);
    }

    /** A number with 53 bits, the last set where any was lost: exact enough for one rounding to far fewer bits. */
    static double toOdd(long magnitude, boolean negative) {
        int excess = Math.max(0, 64 - Long.numberOfLeadingZeros(magnitude) - 53);
        long kept = magnitude >>> excess;
        boolean lost = kept << excess != magnitude;
        return signed(Math.scalb((double) (lost ? kept | 1 : kept), excess), negative);
    }

    private static double signed(double magnitude, boolean negative) {
        return negative ? -magnitude : magnitude;
    }
}
