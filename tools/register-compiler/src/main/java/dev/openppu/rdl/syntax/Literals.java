package dev.openppu.rdl.syntax;

import java.math.BigInteger;
import java.util.Locale;

import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** What the text of a token stands for. */
public final class Literals {

    private Literals() {}

    /** An identifier, without the backslash that lets a keyword be one. */
    public static String identifier(Token token) {
        String text = token.getText();
        return text.charAt(0) == '\\' ? text.substring(1) : text;
    }

    /** The contents of a string literal: {@code \"} and {@code \\} resolved, everything else as it stands. */
    public static String string(String literal) {
        String inner = literal.substring(1, literal.length() - 1);
        if (inner.indexOf('\\') < 0) {
            return inner;
        }
        StringBuilder text = new StringBuilder(inner.length());
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (c == '\\' && i + 1 < inner.length() && (inner.charAt(i + 1) == '"' || inner.charAt(i + 1) == '\\')) {
                c = inner.charAt(++i);
            }
            text.append(c);
        }
        return text.toString();
    }

    /** The width of a sized number such as {@code 8'hff}; 0 where it is out of all bounds. */
    public static int sizedWidth(String literal) {
        String width = literal.substring(0, literal.indexOf('\''));
        return width.length() > 6 ? 0 : Integer.parseInt(width);
    }

    /** The value of a number, sized or not; null where a digit does not belong to its base. */
    public static @Nullable BigInteger number(String literal) {
        String text = literal.replace("_", "").toLowerCase(Locale.ROOT);
        int quote = text.indexOf('\'');
        try {
            if (quote >= 0) {
                return new BigInteger(text.substring(quote + 2), base(text.charAt(quote + 1)));
            }
            return text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static int base(char letter) {
        return switch (letter) {
            case 'b' -> 2;
            case 'o' -> 8;
            case 'd' -> 10;
            default -> 16;
        };
    }
}
