package dev.openppu.driver.tix;

import java.util.List;

/** The parser's place among the tokens. */
final class TokenStream {
    private final List<Token> tokens;
    private int position;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(position);
    }

    Token peekAfter() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        if (position < tokens.size() - 1) {
            position++;
        }
        return token;
    }

    /** The token taken last. */
    Token last() {
        return tokens.get(Math.max(0, position - 1));
    }

    boolean atEnd() {
        return peek().kind() == Token.Kind.END;
    }

    boolean take(char mark) {
        if (peek().is(mark)) {
            next();
            return true;
        }
        return false;
    }

    boolean takeDirective(String text) {
        if (peek().kind() == Token.Kind.DIRECTIVE && peek().text().equals(text)) {
            next();
            return true;
        }
        return false;
    }

    void expect(char mark, String after) throws Mistake {
        if (take(mark)) {
            return;
        }
        Token found = peek();
        if (mark == ';') {
            // What is missing belongs to the end of what was there, not to the next line.
            Token before = last();
            throw new Mistake(before.position() + before.length(), 1, "';' is missing after " + after, null);
        }
        throw new Mistake(found, "expected '" + mark + "' " + after + ", found " + found.described());
    }

    Token expectName(String what) throws Mistake {
        Token token = peek();
        if (!token.isWord() || token.text().indexOf('.') >= 0) {
            throw new Mistake(token, "expected " + what + ", found " + token.described());
        }
        return next();
    }

    Token expectNumber(String what) throws Mistake {
        Token token = peek();
        if (token.kind() != Token.Kind.NUMBER) {
            throw new Mistake(token, "expected " + what + ", found " + token.described());
        }
        return next();
    }

    /** Number of tokens taken. */
    int position() {
        return position;
    }

    /** Goes behind the end of a statement that began at {@code start} and is broken: its semicolon, or before a brace. */
    void recover(int start) {
        if (position > start && last().is(';')) {
            return;
        }
        while (!atEnd() && !peek().is('{') && !peek().is('}')) {
            if (next().is(';')) {
                return;
            }
        }
    }
}
