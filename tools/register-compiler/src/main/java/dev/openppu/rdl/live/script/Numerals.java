package dev.openppu.rdl.live.script;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as scripts write them: {@code 42}, {@code 0x2a}, {@code 0b10_1010}, {@code 8'h2a}; underscores anywhere between digits. */
final class Numerals {

    private static final Pattern SIZED = Pattern.compile("(\\d+)'([bdoh])([0-9a-f_]+)");
    private static final int MOST_DIGITS = 20_000;

    private Numerals() {}

    static boolean looksLikeOne(String text) {
        return !text.isEmpty() && (Character.isDigit(text.charAt(0)) || text.charAt(0) == '-');
    }

    static BigInteger parse(String text) throws ScriptException {
        String lower = text.toLowerCase(Locale.ROOT);
        try {
            if (lower.length() <= MOST_DIGITS) {
                BigInteger value = value(lower);
                if (value.signum() >= 0) {
                    return value;
                }
            }
        } catch (NumberFormatException e) {
            // told below, as what is negative or too long
        }
        throw ScriptException.error("'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "' is no number");
    }

    private static BigInteger value(String text) {
        Matcher sized = SIZED.matcher(text);
        if (sized.matches()) {
            int radix = switch (sized.group(2)) {
                case "b" -> 2;
                case "o" -> 8;
                case "d" -> 10;
                default -> 16;
            };
            BigInteger value = new BigInteger(sized.group(3).replace("_", ""), radix);
            if (value.bitLength() > Integer.parseInt(sized.group(1))) {
                throw new NumberFormatException("too wide for its size");
            }
            return value;
        }
        String digits = text.replace("_", "");
        if (digits.startsWith("0x")) {
            return new BigInteger(digits.substring(2), 16);
        }
        return digits.startsWith("0b") ? new BigInteger(digits.substring(2), 2) : new BigInteger(digits);
    }

    static String hex(BigInteger value) {
        return "0x" + value.toString(16);
    }
}
