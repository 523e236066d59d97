package dev.openppu.rdl.emit.html;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Writes HTML. What comes from a description goes through {@link #text}, {@link #attribute} or {@link RichText}, never through {@link #raw}. */
final class Markup {

    /** Letters of the longest name that tables show in one line. */
    private static final int UNBROKEN = 15;

    private final Writer out;

    Markup(Writer out) {
        this.out = out;
    }

    /** Markup of our own. */
    Markup raw(String markup) throws IOException {
        out.write(markup);
        return this;
    }

    /** A number of our own. */
    Markup raw(long number) throws IOException {
        out.write(Long.toString(number));
        return this;
    }

    /** Text of anyone's. */
    Markup text(String text) throws IOException {
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            String escape = escape(text.charAt(i));
            if (escape != null) {
                out.write(text, done, i - done);
                out.write(escape);
                done = i + 1;
            }
        }
        out.write(text, done, text.length() - done);
        return this;
    }

    private static @Nullable String escape(char c) {
        return switch (c) {
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '&' -> "&amp;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            default -> Character.isISOControl(c) && !Character.isWhitespace(c) ? "\ufffd" : null;
        };
    }

    /** A name; a long one may be broken after an underscore. */
    Markup name(String name) throws IOException {
        if (name.length() <= UNBROKEN) {
            return text(name);
        }
        int done = 0;
        for (int next = name.indexOf('_') + 1; next > done; next = name.indexOf('_', done) + 1) {
            text(name.substring(done, next)).raw("<wbr>");
            done = next;
        }
        return text(name.substring(done));
    }

    /** {@code  name="value"}, with the blank before it. */
    Markup attribute(String name, String value) throws IOException {
        return raw(" ").raw(name).raw("=\"").text(value).raw("\"");
    }

    /** {@code <tag>text</tag>}. */
    Markup element(String tag, String text) throws IOException {
        return raw("<").raw(tag).raw(">").text(text).raw("</").raw(tag).raw(">");
    }

    /** {@code 0x} and as many digits as {@code bits} need. */
    static String hex(BigInteger value, int bits) {
        String digits = value.toString(16);
        return "0x" + "0".repeat(Math.max(0, (bits + 3) / 4 - digits.length())) + digits;
    }

    /** {@code 0x} and two digits at least. */
    static String hex(long value) {
        return value >= 0 && value < 16 ? "0x0" + Long.toHexString(value) : "0x" + Long.toHexString(value);
    }
}
