package dev.openppu.hal.vfiouser.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON text (RFC 8259) of a peer that nobody trusts: objects to maps, arrays to lists, whole numbers to {@link Long}, others to {@link Double}. Names
 * that come twice, nesting deeper than {@value #DEEPEST} and anything after the text are refused. The hardware layer has no library for it, and needs no more.
 */
final class JsonReader {
    static final int DEEPEST = 16;

    /** Stands for {@code null}, which is a value too. */
    static final Object NULL = new Object();

    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;
    private static final int FIRST_PRINTABLE = 0x20;

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /** @throws ProtocolException if it is not JSON */
    static Object read(String text) {
        JsonReader reader = new JsonReader(text);
        Object value = reader.value(0);
        reader.space();
        if (reader.at != text.length()) {
            throw reader.wrong("something follows the text");
        }
        return value;
    }

    private Object value(int depth) {
        space();
        if (depth > DEEPEST) {
            throw wrong("nested too deeply");
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", NULL);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        space();
        if (peek() == '}') {
            at++;
            return members;
        }
        do {
            space();
            String name = string();
            space();
            expect(':');
            if (members.put(name, value(depth + 1)) != null) {
                throw wrong("a name comes twice");
            }
            space();
        } while (more('}'));
        return members;
    }

    private List<Object> array(int depth) {
        List<Object> elements = new ArrayList<>();
        at++;
        space();
        if (peek() == ']') {
            at++;
            return elements;
        }
        do {
            elements.add(value(depth + 1));
            space();
        } while (more(']'));
        return elements;
    }

    /** A comma, or the end. */
    private boolean more(char end) {
        char next = next();
        if (next != ',' && next != end) {
            throw wrong("neither ',' nor '" + end + "'");
        }
        return next == ',';
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        for (char next = next(); next != '"'; next = next()) {
            if (next < FIRST_PRINTABLE) {
                throw wrong("a control character in a string");
            }
            string.append(next == '\\' ? escaped() : next);
        }
        return string.toString();
    }

    private char escaped() {
        char kind = next();
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("an unknown escape");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            char digit = next();
            int value = digit < 128 ? Character.digit(digit, HEX) : -1;
            if (value < 0) {
                throw wrong("not four hexadecimal digits");
            }
            code = code * HEX + value;
        }
        return (char) code;
    }

    private Object literal(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("an unknown word");
        }
        at += word.length();
        return value;
    }

    private Object number() {
        int begin = at;
        skip('-');
        int digits = digits();
        if (digits > 1 && text.charAt(at - digits) == '0') {
            throw wrong("a number that begins with 0");
        }
        boolean whole = true;
        if (skip('.')) {
            whole = false;
            digits();
        }
        if (skip('e') || skip('E')) {
            whole = false;
            if (!skip('+')) {
                skip('-');
            }
            digits();
        }
        return convert(text.substring(begin, at), whole);
    }

    private Object convert(String number, boolean whole) {
        try {
            return whole ? (Object) Long.valueOf(number) : Double.valueOf(number);
        } catch (NumberFormatException e) {
            throw wrong("a number that is too large");
        }
    }

    /** At least one. */
    private int digits() {
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == begin) {
            throw wrong("not a value");
        }
        return at - begin;
    }

    private boolean skip(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at == text.length()) {
            throw wrong("it ends too early");
        }
        return text.charAt(at);
    }

    private char next() {
        char next = peek();
        at++;
        return next;
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw wrong("not '" + wanted + "'");
        }
    }

    private ProtocolException wrong(String why) {
        return ProtocolException.malformed("VERSION's text is not JSON at character %d: %s".formatted(at, why));
    }
}
