package dev.openppu.harness.compute;

import java.math.BigInteger;

/**
 * Binary floating point by the book: exact fractions of big integers, rounded once. Slow, and made without a look at the model's arithmetic.
 *
 * @param fractionBits stored bits of the fraction
 * @param exponentBits bits of the exponent
 */
record ReferenceFloat(int exponentBits, int fractionBits) {
    static final ReferenceFloat SINGLE = new ReferenceFloat(8, 23);
    static final ReferenceFloat DOUBLE = new ReferenceFloat(11, 52);
    static final ReferenceFloat HALF = new ReferenceFloat(5, 10);
    static final ReferenceFloat BFLOAT = new ReferenceFloat(8, 7);

    enum Mode {
        RTTE, RTZ, RTN, RTP
    }

    /** A finite value: (-1)^negative · numerator / denominator; zero keeps its sign. */
    record Value(boolean negative, BigInteger numerator, BigInteger denominator) {
        boolean isZero() {
            return numerator.signum() == 0;
        }

        BigInteger signed() {
            return negative ? numerator.negate() : numerator;
        }
    }

    int bits() {
        return 1 + exponentBits + fractionBits;
    }

    private int bias() {
        return (1 << exponentBits - 1) - 1;
    }

    long infinity(boolean negative) {
        return (negative ? 1L << bits() - 1 : 0) | (1L << exponentBits) - 1 << fractionBits;
    }

    boolean isNan(long bits) {
        return (bits & (1L << bits() - 1) - 1) > infinity(false);
    }

    boolean isInfinite(long bits) {
        return (bits & (1L << bits() - 1) - 1) == infinity(false);
    }

    boolean isNegative(long bits) {
        return (bits >>> bits() - 1 & 1) != 0;
    }

    Value value(long bits) {
        int exponent = (int) (bits >>> fractionBits) & (1 << exponentBits) - 1;
        long fraction = bits & (1L << fractionBits) - 1;
        BigInteger significand = BigInteger.valueOf(exponent == 0 ? fraction : fraction | 1L << fractionBits);
        int scale = Math.max(exponent, 1) - bias() - fractionBits;
        return scale >= 0
                ? new Value(isNegative(bits), significand.shiftLeft(scale), BigInteger.ONE)
                : new Value(isNegative(bits), significand, BigInteger.ONE.shiftLeft(-scale));
    }

    /** The bits nearest to a value in a direction. */
    long round(Value value, Mode mode) {
        long sign = value.negative ? 1L << bits() - 1 : 0;
        if (value.isZero()) {
            return sign;
        }
        // The exponent e with 2^e <= value < 2^(e+1).
        int exponent = value.numerator.bitLength() - value.denominator.bitLength();
        if (compareToPower(value, exponent) < 0) {
            exponent--;
        }
        int unit = Math.max(exponent, 1 - bias()) - fractionBits;
        BigInteger numerator = unit < 0 ? value.numerator.shiftLeft(-unit) : value.numerator;
        BigInteger denominator = unit > 0 ? value.denominator.shiftLeft(unit) : value.denominator;
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        int half = parts[1].shiftLeft(1).compareTo(denominator);
        boolean up = switch (mode) {
            case RTTE -> half > 0 || half == 0 && parts[0].testBit(0);
            case RTZ -> false;
            case RTN -> value.negative && parts[1].signum() != 0;
            case RTP -> !value.negative && parts[1].signum() != 0;
        };
        BigInteger units = up ? parts[0].add(BigInteger.ONE) : parts[0];
        return sign | encode(units, unit, value.negative, mode);
    }

    private static int compareToPower(Value value, int exponent) {
        BigInteger left = exponent < 0 ? value.numerator.shiftLeft(-exponent) : value.numerator;
        BigInteger right = exponent > 0 ? value.denominator.shiftLeft(exponent) : value.denominator;
        return left.compareTo(right);
    }

    private long encode(BigInteger units, int unit, boolean negative, Mode mode) {
        int biased = unit + fractionBits + bias();
        BigInteger magnitude = units.add(BigInteger.valueOf(biased - 1).shiftLeft(fractionBits));
        BigInteger infinity = BigInteger.valueOf(infinity(false));
        if (magnitude.compareTo(infinity) < 0) {
            return magnitude.longValue();
        }
        boolean toInfinity = mode == Mode.RTTE || mode == Mode.RTP && !negative || mode == Mode.RTN && negative;
        return toInfinity ? infinity.longValue() : infinity.longValue() - 1;
    }

    /** a·b + c; not for NaN or infinite operands. */
    long fma(long a, long b, long c, Mode mode) {
        Value x = value(a);
        Value y = value(b);
        Value z = value(c);
        BigInteger productDenominator = x.denominator.multiply(y.denominator);
        BigInteger numerator = x.signed().multiply(y.signed()).multiply(z.denominator).add(z.signed().multiply(productDenominator));
        if (numerator.signum() == 0) {
            boolean productNegative = x.negative != y.negative;
            boolean negative = productNegative == z.negative ? z.negative : mode == Mode.RTN;
            return round(new Value(negative, BigInteger.ZERO, BigInteger.ONE), mode);
        }
        return round(new Value(numerator.signum() < 0, numerator.abs(), productDenominator.multiply(z.denominator)), mode);
    }

    long multiply(long a, long b, Mode mode) {
        Value x = value(a);
        Value y = value(b);
        return round(new Value(x.negative != y.negative, x.numerator.multiply(y.numerator), x.denominator.multiply(y.denominator)), mode);
    }

    /** a / b with b not zero. */
    long divide(long a, long b, Mode mode) {
        Value x = value(a);
        Value y = value(b);
        return round(new Value(x.negative != y.negative, x.numerator.multiply(y.denominator), x.denominator.multiply(y.numerator)), mode);
    }

    /** Square root of a positive number: of a scaled integer with so many bits that the rest is sticky. */
    long squareRoot(long a, Mode mode) {
        Value x = value(a);
        int shift = 2 * (fractionBits + 8 + exponentRange());
        BigInteger scaled = x.numerator.shiftLeft(shift).divide(x.denominator);
        BigInteger root = scaled.sqrt();
        boolean exact = root.multiply(root).equals(scaled) && x.numerator.shiftLeft(shift).mod(x.denominator).signum() == 0;
        BigInteger sticky = root.shiftLeft(1).add(exact ? BigInteger.ZERO : BigInteger.ONE);
        return round(new Value(false, sticky, BigInteger.ONE.shiftLeft(shift / 2 + 1)), mode);
    }

    private int exponentRange() {
        return 1 << exponentBits;
    }
}
