package dev.openppu.driver.tix;

/**
 * A word of the source.
 *
 * @param kind what it is
 * @param text as written; of a WORD including its dotted suffixes
 * @param position of its first character in the file
 */
record Token(Kind kind, String text, int position) {
    enum Kind {
        /** A name, with suffixes: {@code ppu.add.f32}, {@code r1}, {@code %tid.x}. */
        WORD,
        /** A dot and a name: {@code .reg}. */
        DIRECTIVE,
        NUMBER,
        /** One character. */
        MARK,
        END
    }

    boolean is(char mark) {
        return kind == Kind.MARK && text.charAt(0) == mark;
    }

    boolean isWord() {
        return kind == Kind.WORD;
    }

    int length() {
        return Math.max(1, text.length());
    }

    /** For messages. */
    String described() {
        if (kind == Kind.END) {
            return "the end";
        }
        return text.length() > 40 ? "'" + text.substring(0, 40) + "…'" : "'" + text + "'";
    }
}
