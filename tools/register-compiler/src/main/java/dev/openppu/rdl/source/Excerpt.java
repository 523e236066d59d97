package dev.openppu.rdl.source;

/** A source line as a message shows it: cut if it is long, with carets that stand under what is meant. */
final class Excerpt {

    private static final int LONGEST = 300;
    private static final int BEFORE = 80;
    private static final int AFTER = 160;
    private static final String CUT = "\u2026";

    private Excerpt() {}

    /** The line of {@code text} from {@code start} to {@code end}; if it is long, the part around {@code offset}. */
    static String of(String text, int start, int end, int offset) {
        if (end - start <= LONGEST || offset - start <= BEFORE) {
            int stop = Math.min(end, start + LONGEST);
            return stop < end ? text.substring(start, stop) + CUT : text.substring(start, end).stripTrailing();
        }
        int stop = Math.min(end, offset + AFTER);
        return CUT + text.substring(offset - BEFORE, stop).stripTrailing() + (stop < end ? CUT : "");
    }

    /** The index in {@code excerpt} of the character in {@code column}. */
    private static int indexOf(String excerpt, int column) {
        return excerpt.startsWith(CUT) ? BEFORE + CUT.length() : column - 1;
    }

    /** Appends {@code excerpt} and, under {@code length} characters from {@code column} on, carets; of a blank line, nothing. */
    static void render(StringBuilder out, String excerpt, int column, int length) {
        if (excerpt.isBlank()) {
            return;
        }
        int from = Math.min(indexOf(excerpt, column), excerpt.length());
        int to = Math.max(from, Math.min(from + length, excerpt.length()));
        out.append("  ");
        out.append(printable(excerpt)).append("\n  ");
        excerpt.substring(0, from).codePoints().forEach(c -> out.append(c == '\t' ? "\t" : " ".repeat(cells(c))));
        out.append("^".repeat(Math.max(1, excerpt.substring(from, to).codePoints().map(Excerpt::cells).sum()))).append('\n');
    }

    /** {@code text} without what a terminal would obey. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(c != '\t' && Character.isISOControl(c) ? '\ufffd' : c));
        return out.toString();
    }

    /** How many cells of a terminal a character takes. */
    private static int cells(int character) {
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = character >= 0x1100 && character <= 0x115f || character >= 0x2e80 && character <= 0xa4cf
                || character >= 0xac00 && character <= 0xd7a3 || character >= 0xf900 && character <= 0xfaff
                || character >= 0xff00 && character <= 0xff60 || character >= 0x1f300 && character <= 0x1faff
                || character >= 0x20000 && character <= 0x3fffd;
        return wide ? 2 : 1;
    }
}
