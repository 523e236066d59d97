package dev.openppu.rdl.emit.c;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes C, line by line, and knows the macros that are taken. */
final class CWriter {

    private static final int WIDTH = 120;
    private static final Pattern TRIGRAPH = Pattern.compile("\\?(?=\\?)");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final Writer out;
    private final Set<String> taken = new HashSet<>();

    CWriter(Writer out) {
        this.out = out;
    }

    void line(String text) throws IOException {
        out.write(text);
        out.write('\n');
    }

    void define(String name, String value) throws IOException {
        line("#define " + name + " " + value);
    }

    /** A comment of plain text on lines of its own, each behind {@code indent}. */
    void comment(String indent, String text) throws IOException {
        StringBuilder current = new StringBuilder(indent).append("/*");
        for (String word : BLANKS.split(harmless(text).strip(), -1)) {
            if (current.length() + word.length() + 4 > WIDTH && current.length() > indent.length() + 3) {
                line(current.toString());
                current.setLength(0);
                current.append(indent).append(" *");
            }
            current.append(' ').append(word);
        }
        line(current.append(" */").toString());
    }

    /** Nothing that ends a comment or begins one, no trigraph, nothing that hides what is shown. */
    private static String harmless(String text) {
        String plain = TRIGRAPH.matcher(text.replace("*/", "* /").replace("/*", "/ *")).replaceAll("? ");
        StringBuilder shown = new StringBuilder(plain.length());
        plain.codePoints().forEach(c -> {
            int kind = Character.getType(c);
            boolean hidden = kind == Character.FORMAT || kind == Character.SURROGATE || kind == Character.PRIVATE_USE
                    || kind == Character.CONTROL && !Character.isWhitespace(c);
            shown.appendCodePoint(hidden ? '?' : c);
        });
        return shown.toString();
    }

    /** {@code wanted}, or a numbered one if any of the macros made of it with {@code suffixes} is taken; takes them. */
    String claim(String wanted, String... suffixes) {
        String stem = wanted;
        for (int ordinal = 2; isTaken(stem, suffixes); ordinal++) {
            stem = wanted + "_" + ordinal;
        }
        for (String suffix : suffixes) {
            taken.add(stem + suffix);
        }
        return stem;
    }

    private boolean isTaken(String stem, String... suffixes) {
        for (String suffix : suffixes) {
            if (taken.contains(stem + suffix)) {
                return true;
            }
        }
        return false;
    }

    /** A hexadecimal number of the type that registers of {@code bits} bits have: 64 bits if more than 32. */
    static String hex(BigInteger value, int bits) {
        return "0x" + value.toString(16) + (bits > 32 ? "ULL" : "U");
    }

    /** A hexadecimal number with the suffix that its size asks for. */
    static String hex(long value) {
        return "0x" + Long.toHexString(value) + (value >>> 32 == 0 ? "U" : "ULL");
    }
}
