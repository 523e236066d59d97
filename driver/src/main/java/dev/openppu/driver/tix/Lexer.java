package dev.openppu.driver.tix;

import java.util.ArrayList;
import java.util.List;

/** Text to tokens. Comments are {@code // …} and {@code /* … *}{@code /}. */
final class Lexer {
    private static final String MARKS = ",;:{}()[]<>=+-@!|_";

    private final SourceText source;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    Lexer(SourceText source) {
        this.source = source;
        this.text = source.text();
    }

    List<Token> tokens() {
        while (position < text.length() && !source.isFull()) {
            next();
        }
        tokens.add(new Token(Token.Kind.END, "", Math.max(0, text.stripTrailing().length() - 1)));
        return tokens;
    }

    private void next() {
        char c = text.charAt(position);
        if (Character.isWhitespace(c) || c == '\uFEFF' && position == 0) {
            position++;
        } else if (text.startsWith("//", position)) {
            int end = text.indexOf('\n', position);
            position = end < 0 ? text.length() : end;
        } else if (text.startsWith("/*", position)) {
            comment();
        } else if (isNameStart(c) && !isSink()) {
            add(Token.Kind.WORD, dottedEnd(nameEnd(position + 1)));
        } else if (c == '.' && position + 1 < text.length() && isNameStart(text.charAt(position + 1))) {
            add(Token.Kind.DIRECTIVE, nameEnd(position + 1));
        } else if (isDigit(c)) {
            add(Token.Kind.NUMBER, numberEnd(position));
        } else if (MARKS.indexOf(c) >= 0) {
            add(Token.Kind.MARK, position + 1);
        } else {
            stray(c);
        }
    }

    private void comment() {
        int end = text.indexOf("*/", position + 2);
        if (end < 0) {
            source.report(position, 2, "this comment is not closed", "write */ where it ends");
            position = text.length();
        } else {
            position = end + 2;
        }
    }

    private void stray(char c) {
        String shown = c > ' ' && c < 0x7F ? "'" + c + "'" : "U+%04X".formatted((int) c);
        source.report(position, 1, "character " + shown + " has no place in TIX", null);
        position++;
    }

    private void add(Token.Kind kind, int end) {
        tokens.add(new Token(kind, text.substring(position, end), position));
        position = end;
    }

    /** A lone underscore stands for a result thrown away. */
    private boolean isSink() {
        return text.charAt(position) == '_' && (position + 1 == text.length() || !isNamePart(text.charAt(position + 1)));
    }

    private int nameEnd(int from) {
        int end = from;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private int dottedEnd(int from) {
        int end = from;
        while (end + 1 < text.length() && text.charAt(end) == '.' && isNamePart(text.charAt(end + 1))) {
            end = nameEnd(end + 1);
            while (text.startsWith("::", end) && end + 2 < text.length() && isNamePart(text.charAt(end + 2))) {
                end = nameEnd(end + 2);
            }
        }
        return end;
    }

    private int numberEnd(int from) {
        int end = from;
        boolean prefixed = text.startsWith("0x", from) || text.startsWith("0X", from);
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean exponentSign = !prefixed && (c == '+' || c == '-') && end > from && "eE".indexOf(text.charAt(end - 1)) >= 0
                    && isDecimal(text.substring(from, end - 1));
            if (!isNamePart(c) && c != '.' && !exponentSign) {
                break;
            }
            end++;
        }
        return end;
    }

    private static boolean isDecimal(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '%' || c == '$';
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || isDigit(c);
    }
}
