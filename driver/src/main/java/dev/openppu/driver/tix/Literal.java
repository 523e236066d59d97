package dev.openppu.driver.tix;

import dev.openppu.abi.code.DataType;
import java.math.BigInteger;
import java.util.Locale;

/**
 * A number of the source, not yet of any type: a whole number, a decimal fraction, or the bits of a float or double.
 */
sealed interface Literal {
    record Whole(BigInteger value) implements Literal {}

    record Fraction(String text) implements Literal {}

    record FloatBits(int bits) implements Literal {}

    record DoubleBits(long bits) implements Literal {}

    int MAX_DIGITS = 80;

    /** @throws Mistake when the token is not a number TIX knows */
    static Literal parse(Token token, boolean negative) throws Mistake {
        String text = token.text();
        if (text.length() > MAX_DIGITS) {
            throw new Mistake(token, "number of " + text.length() + " characters", null);
        }
        String lower = text.toLowerCase(Locale.ROOT);
        try {
            Literal literal = parse(lower);
            return negative ? negate(literal) : literal;
        } catch (NumberFormatException e) {
            throw new Mistake(token, token.described() + " is not a number",
                    "write 10, 0x1F, 0b101, 1.5, 1e-3, 0F3F800000 or 0D3FF0000000000000");
        }
    }

    private static Literal parse(String text) {
        if (text.startsWith("0x")) {
            return new Whole(unsigned(text, 16));
        }
        if (text.startsWith("0f") && text.length() == 10) {
            return new FloatBits(Integer.parseUnsignedInt(text.substring(2), 16));
        }
        if (text.startsWith("0d") && text.length() == 18) {
            return new DoubleBits(Long.parseUnsignedLong(text.substring(2), 16));
        }
        if (text.startsWith("0b")) {
            return new Whole(unsigned(text, 2));
        }
        if (text.indexOf('.') >= 0 || text.indexOf('e') >= 0) {
            if (!text.matches("[0-9]+\\.?[0-9]*(e[+-]?[0-9]+)?")) {
                throw new NumberFormatException(text);
            }
            return new Fraction(text);
        }
        return new Whole(new BigInteger(text.endsWith("u") ? text.substring(0, text.length() - 1) : text));
    }

    private static BigInteger unsigned(String text, int radix) {
        String digits = text.substring(2, text.endsWith("u") ? text.length() - 1 : text.length());
        if (digits.isEmpty() || digits.charAt(0) == '-' || digits.charAt(0) == '+') {
            throw new NumberFormatException(text);
        }
        return new BigInteger(digits, radix);
    }

    private static Literal negate(Literal literal) {
        return switch (literal) {
            case Whole whole -> new Whole(whole.value.negate());
            case Fraction fraction -> new Fraction("-" + fraction.text);
            case FloatBits bits -> new FloatBits(bits.bits ^ Integer.MIN_VALUE);
            case DoubleBits bits -> new DoubleBits(bits.bits ^ Long.MIN_VALUE);
        };
    }

    /** The bits of this number as a type. */
    static long bits(Literal literal, DataType type, Token token) throws Mistake {
        return switch (literal) {
            case Whole whole -> wholeBits(whole.value, type, token);
            case Fraction fraction -> fractionBits(fraction.text, type, token);
            case FloatBits bits -> {
                require(type.bits() == 32 && !type.isInteger(), token, "0F… is a 32-bit float, " + type.text() + " is not");
                yield bits.bits & 0xFFFF_FFFFL;
            }
            case DoubleBits bits -> {
                require(type.bits() == 64 && !type.isInteger(), token, "0D… is a 64-bit float, " + type.text() + " is not");
                yield bits.bits;
            }
        };
    }

    private static long wholeBits(BigInteger value, DataType type, Token token) throws Mistake {
        if (type.kind() == DataType.Kind.FLOAT) {
            throw new Mistake(token, "a whole number cannot be a " + type.text(), "write it with a point (1.0), or its bits (0F3F800000)");
        }
        int bits = Math.min(64, type.bits());
        BigInteger limit = BigInteger.ONE.shiftLeft(bits);
        boolean fits = value.compareTo(limit) < 0 && value.compareTo(limit.shiftRight(1).negate()) >= 0;
        require(fits, token, "number " + value + " does not fit " + type.text());
        return value.longValue();
    }

    private static long fractionBits(String text, DataType type, Token token) throws Mistake {
        return switch (type) {
            case F32, B32 -> Float.floatToRawIntBits(Float.parseFloat(text)) & 0xFFFF_FFFFL;
            case F64, B64 -> Double.doubleToRawLongBits(Double.parseDouble(text));
            case F16 -> Float.floatToFloat16(Float.parseFloat(text)) & 0xFFFFL;
            case BF16 -> roundToBfloat(Float.parseFloat(text));
            default -> throw new Mistake(token, "a fraction cannot be a " + type.text(), null);
        };
    }

    private static long roundToBfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int rounded = bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
        return rounded;
    }

    /** The number as an int, for counts and sizes. */
    static int asInt(Literal literal, int least, int most, Token token, String what) throws Mistake {
        if (literal instanceof Whole whole && whole.value.compareTo(BigInteger.valueOf(least)) >= 0
                && whole.value.compareTo(BigInteger.valueOf(most)) <= 0) {
            return whole.value.intValue();
        }
        throw new Mistake(token, what + " must be a whole number from " + least + " to " + most, null);
    }

    /** The number as a byte offset. */
    static long asOffset(Literal literal, Token token) throws Mistake {
        if (literal instanceof Whole whole && whole.value.bitLength() <= 64) {
            return whole.value.longValue();
        }
        throw new Mistake(token, "an address must be a whole number of at most 64 bits", null);
    }

    private static void require(boolean holds, Token token, String message) throws Mistake {
        if (!holds) {
            throw new Mistake(token, message, null);
        }
    }
}
