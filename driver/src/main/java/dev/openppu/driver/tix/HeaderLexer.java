package dev.openppu.driver.tix;

import java.util.ArrayList;
import java.util.List;

/** Words of one launch header line: names, numbers and single characters. */
final class HeaderLexer {
    private static final String MARKS = "=,[]()+-*/%";
    private static final int MAX_TOKENS = 1000;

    private final SourceText source;
    private final String text;
    private final int end;
    private int position;

    HeaderLexer(SourceText source, int start, int end) {
        this.source = source;
        this.text = source.text();
        this.position = start;
        this.end = end;
    }

    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        while (position < end && tokens.size() < MAX_TOKENS) {
            char c = text.charAt(position);
            int from = position;
            if (Character.isWhitespace(c)) {
                position++;
                continue;
            }
            boolean number = c >= '0' && c <= '9';
            if (isWord(c)) {
                while (position < end && isWord(text.charAt(position))) {
                    position++;
                }
                tokens.add(new Token(number ? Token.Kind.NUMBER : Token.Kind.WORD, text.substring(from, position), from));
            } else {
                position++;
                if (MARKS.indexOf(c) < 0) {
                    source.report(from, 1, "this character has no place in a launch header", null);
                    return List.of(new Token(Token.Kind.END, "", from));
                }
                tokens.add(new Token(Token.Kind.MARK, text.substring(from, position), from));
            }
        }
        tokens.add(new Token(Token.Kind.END, "", Math.max(0, position - 1)));
        return tokens;
    }

    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
