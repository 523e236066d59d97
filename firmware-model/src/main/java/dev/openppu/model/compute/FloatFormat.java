package dev.openppu.model.compute;

import dev.openppu.abi.code.Rounding;

/** The 16-bit floating-point formats: widening is exact, narrowing rounds once, in any direction. */
enum FloatFormat {
    F16(5, 10), BF16(8, 7);

    private final int exponentBits;
    private final int fractionBits;
    private final int bias;

    FloatFormat(int exponentBits, int fractionBits) {
        this.exponentBits = exponentBits;
        this.fractionBits = fractionBits;
        this.bias = (1 << exponentBits - 1) - 1;
    }

    /** All ones but the sign. */
    int canonicalNan() {
        return 0x7FFF;
    }

    private int infinity() {
        return (1 << exponentBits) - 1 << fractionBits;
    }

    int largestFinite() {
        return infinity() - 1;
    }

    int smallestNormal() {
        return 1 << fractionBits;
    }

    boolean isNan(long bits) {
        return (bits & 0x7FFF) > infinity();
    }

    double widen(long bits) {
        int exponent = (int) bits >>> fractionBits & (1 << exponentBits) - 1;
        long fraction = bits & (1L << fractionBits) - 1;
        double magnitude;
        if (exponent == (1 << exponentBits) - 1) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((double) fraction, 1 - bias - fractionBits);
        } else {
            magnitude = Math.scalb((double) (fraction | 1L << fractionBits), exponent - bias - fractionBits);
        }
        return (bits & 0x8000) != 0 ? -magnitude : magnitude;
    }

    int narrow(double value, Rounding mode) {
        if (Double.isNaN(value)) {
            return canonicalNan();
        }
        boolean negative = Double.doubleToRawLongBits(value) < 0;
        int sign = negative ? 0x8000 : 0;
        double magnitude = Math.abs(value);
        if (Double.isInfinite(magnitude)) {
            return sign | infinity();
        }
        if (magnitude == 0) {
            return sign;
        }
        int exponent = Math.max(Math.getExponent(magnitude), 1 - bias);
        // In units of the last place this is exact: at most 53 bits, scaled by a power of two.
        double units = Math.scalb(magnitude, fractionBits - exponent);
        double floor = Math.floor(units);
        double rest = units - floor;
        boolean up = switch (mode) {
            case TOWARD_ZERO -> false;
            case DOWN -> negative && rest > 0;
            case UP -> !negative && rest > 0;
            case NONE, NEAREST_EVEN -> rest > 0.5 || rest == 0.5 && floor % 2 != 0;
        };
        long whole = (long) floor + (up ? 1 : 0);
        long bits = whole + ((long) (exponent + bias - 1) << fractionBits);
        if (bits < infinity()) {
            return sign | (int) bits;
        }
        boolean toInfinity = switch (mode) {
            case TOWARD_ZERO -> false;
            case DOWN -> negative;
            case UP -> !negative;
            case NONE, NEAREST_EVEN -> true;
        };
        return sign | (toInfinity ? infinity() : largestFinite());
    }
}
