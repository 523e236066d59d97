package dev.openppu.cli.npy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** Parses the one Python dictionary that NumPy writes, and nothing else of Python. */
final class NpyHeaderParser {
    /** NumPy's own limit (NPY_MAXDIMS). */
    private static final int MOST_DIMENSIONS = 64;

    private final String text;
    private int at;

    private @Nullable ElementType type;
    private @Nullable List<Long> shape;
    private boolean orderSeen;

    NpyHeaderParser(String text) {
        this.text = text;
    }

    NpyHeader parse(int bytes) {
        expect('{');
        Set<String> seen = new HashSet<>();
        while (!accept('}')) {
            String key = string();
            if (!seen.add(key)) {
                throw broken("the key '" + key + "' comes twice");
            }
            expect(':');
            value(key);
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        if (at < text.length()) {
            throw broken("something follows the dictionary");
        }
        if (type == null || shape == null || !orderSeen) {
            throw broken("the keys 'descr', 'fortran_order' and 'shape' are needed");
        }
        return new NpyHeader(type, checked(type, shape), bytes);
    }

    private void value(String key) {
        switch (key) {
            case "descr" -> type = elementType();
            case "fortran_order" -> {
                cOrder();
                orderSeen = true;
            }
            case "shape" -> shape = tuple();
            default -> throw broken("the key '" + printable(key) + "' is unknown");
        }
    }

    private ElementType elementType() {
        if (peek() == '[') {
            throw new NpyException("its elements are structures with fields; save each field as an array of its own");
        }
        String name = string();
        return ElementType.of(name).orElseThrow(() -> new NpyException(refusal(name)));
    }

    private static String refusal(String name) {
        String shown = "its elements are '" + printable(name) + "'";
        String taken = "; " + ElementType.names() + ", little-endian, are taken";
        if (name.startsWith(">")) {
            return shown + ", big-endian" + taken + ": convert with a.astype(a.dtype.newbyteorder('<'))";
        }
        if (name.contains("O")) {
            return shown + ", pickled Python objects, which are never loaded" + taken;
        }
        return shown + taken + ": convert with a.astype('<f4') or the like";
    }

    private void cOrder() {
        if (word("True")) {
            throw new NpyException("it is in Fortran order; save numpy.ascontiguousarray(a) instead");
        }
        if (!word("False")) {
            throw broken("'fortran_order' is neither True nor False");
        }
    }

    private List<Long> tuple() {
        List<Long> extents = new ArrayList<>();
        expect('(');
        while (!accept(')')) {
            extents.add(extent());
            if (extents.size() > MOST_DIMENSIONS) {
                throw new NpyException("it has more than " + MOST_DIMENSIONS + " dimensions");
            }
            if (accept(',')) {
                continue;
            }
            if (extents.size() == 1 && peek() == ')') {
                throw broken("'shape' is no tuple: a comma is missing");
            }
            expect(')');
            break;
        }
        return extents;
    }

    private long extent() {
        skipSpace();
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        String digits = text.substring(begin, at);
        if (digits.isEmpty()) {
            throw broken(peek() == '-' ? "an extent is negative" : "an extent is no number");
        }
        if (digits.length() > 1 && digits.startsWith("0")) {
            throw broken("an extent begins with 0");
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new NpyException("an extent, " + digits.substring(0, Math.min(40, digits.length())) + ", is beyond any memory");
        }
    }

    private static List<Long> checked(ElementType type, List<Long> shape) {
        try {
            NpyArray.byteSize(type, shape);
            return List.copyOf(shape);
        } catch (ArithmeticException e) {
            throw new NpyException("its shape, " + shape + ", is beyond any memory");
        }
    }

    private String string() {
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            throw broken("a string is missing");
        }
        int end = text.indexOf(quote, at + 1);
        if (end < 0) {
            throw broken("a string does not end");
        }
        String content = text.substring(at + 1, end);
        if (content.indexOf('\\') >= 0) {
            throw broken("a string has an escape");
        }
        at = end + 1;
        return content;
    }

    private boolean word(String word) {
        skipSpace();
        boolean there = text.startsWith(word, at);
        if (there) {
            at += word.length();
        }
        return there;
    }

    private char peek() {
        skipSpace();
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean accept(char c) {
        boolean there = peek() == c && at < text.length();
        if (there) {
            at++;
        }
        return there;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw broken("'" + c + "' is missing");
        }
    }

    private void skipSpace() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
            at++;
        }
    }

    private NpyException broken(String what) {
        return new NpyException("its header is damaged at byte " + at + " of the dictionary: " + what);
    }

    private static String printable(String text) {
        String head = text.substring(0, Math.min(40, text.length()));
        return head.chars().allMatch(c -> c >= ' ' && c < 0x7F) ? head : "(unprintable)";
    }
}
