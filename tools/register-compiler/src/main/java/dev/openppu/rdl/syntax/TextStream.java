package dev.openppu.rdl.syntax;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/** A string as ANTLR's lexer reads it, counted in UTF-16 units so that its indices are those of the string. */
final class TextStream implements CharStream {

    private final String text;
    private final int end;
    private int at;

    /** The characters of {@code text} from {@code start} up to and not including {@code end}. */
    TextStream(String text, int start, int end) {
        this.text = text;
        this.end = end;
        this.at = start;
    }

    @Override
    public String getText(Interval interval) {
        int from = Math.min(interval.a, end);
        return text.substring(from, Math.max(from, Math.min(interval.b + 1, end)));
    }

    @Override
    public void consume() {
        if (at >= end) {
            throw new IllegalStateException("cannot consume EOF");
        }
        at++;
    }

    @Override
    public int LA(int offset) {
        int index = offset > 0 ? at + offset - 1 : at + offset;
        return offset == 0 || index < 0 ? 0 : index < end ? text.charAt(index) : IntStream.EOF;
    }

    @Override
    public int mark() {
        return -1;
    }

    @Override
    public void release(int marker) {
        // The whole text stays at hand.
    }

    @Override
    public int index() {
        return at;
    }

    @Override
    public void seek(int index) {
        at = Math.min(index, end);
    }

    @Override
    public int size() {
        return end;
    }

    @Override
    public String getSourceName() {
        return UNKNOWN_SOURCE_NAME;
    }
}
