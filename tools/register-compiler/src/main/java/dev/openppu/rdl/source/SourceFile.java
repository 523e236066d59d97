package dev.openppu.rdl.source;

import java.util.Arrays;

/** The text of one input file with its line table. Immutable; safe for any number of threads. */
public final class SourceFile {

    private final String name;
    private final String text;
    private final int[] lineStarts;

    /**
     * @param name how messages call the file
     * @param text its whole contents
     */
    public SourceFile(String name, String text) {
        this.name = name;
        this.text = text;
        this.lineStarts = findLines(text);
    }

    private static int[] findLines(String text) {
        int[] starts = new int[64];
        int count = 1;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count++] = at + 1;
        }
        return Arrays.copyOf(starts, count);
    }

    /** How messages call the file. */
    public String name() {
        return name;
    }

    /** The whole contents. */
    public String text() {
        return text;
    }

    /** Line and column of the character at {@code offset}. */
    public SourcePosition position(int offset) {
        int line = lineIndex(offset);
        return new SourcePosition(name, line + 1, offset - lineStarts[line] + 1);
    }

    /**
     * The line that holds {@code offset}, without its line break; of a line longer than anyone reads, only the part around it, as
     * {@link Excerpt} cuts it.
     */
    public String lineAt(int offset) {
        int line = lineIndex(offset);
        int end = line + 1 < lineStarts.length ? lineStarts[line + 1] : text.length();
        return Excerpt.of(text, lineStarts[line], end, offset);
    }

    private int lineIndex(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        return found >= 0 ? found : -found - 2;
    }
}
