package dev.openppu.rdl.emit.html;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;

/** Writes HTML. What comes from a description goes through {@link #text}, {@link #attribute} or {@link RichText}, never through {@link #raw}. */
final class Markup {

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
        for (int i = 0; i < text.length(); i++) {
            text(text.charAt(i));
        }
        return this;
    }

    /** A name, which may be broken after an underscore. */
    Markup name(String name) throws IOException {
        for (int i = 0; i < name.length(); i++) {
            text(name.charAt(i));
            if (name.charAt(i) == '_') {
                out.write("<wbr>");
            }
        }
        return this;
    }

    private void text(char c) throws IOException {
        switch (c) {
            case '<' -> out.write("&lt;");
            case '>' -> out.write("&gt;");
            case '&' -> out.write("&amp;");
            case '"' -> out.write("&quot;");
            case '\'' -> out.write("&#39;");
            default -> out.write(Character.isISOControl(c) && !Character.isWhitespace(c) ? '\ufffd' : c);
        }
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
