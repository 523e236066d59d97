package dev.openppu.driver.tix;

import org.jspecify.annotations.Nullable;

/** Abandons a statement; the parser reports it and goes on after the statement. */
final class Mistake extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;
    private final int length;
    private final @Nullable String hint;

    Mistake(int position, int length, String message, @Nullable String hint) {
        super(message, null, false, false);
        this.position = position;
        this.length = length;
        this.hint = hint;
    }

    Mistake(Token token, String message, @Nullable String hint) {
        this(token.position(), token.length(), message, hint);
    }

    Mistake(Token token, String message) {
        this(token, message, null);
    }

    void report(SourceText source) {
        source.report(position, length, String.valueOf(getMessage()), hint);
    }
}
