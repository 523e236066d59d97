package dev.openppu.driver.tix;

import org.jspecify.annotations.Nullable;

/**
 * One mistake in a source file.
 *
 * @param file name of the file, as given
 * @param line from 1
 * @param column from 1, in characters
 * @param length characters to underline, at least 1
 * @param message what is wrong
 * @param hint what might have been meant, or null
 * @param sourceLine the whole line
 */
public record Diagnostic(String file, int line, int column, int length, String message, @Nullable String hint, String sourceLine) {
    private static final int MAX_SHOWN = 160;

    /** {@code file:line:column: error: message}, the line, and a caret below the place; then the hint. */
    public String format() {
        StringBuilder out = new StringBuilder();
        out.append(file).append(':').append(line).append(':').append(column).append(": error: ").append(message).append('\n');
        // Of an endless line only the neighbourhood is shown.
        int from = column > MAX_SHOWN ? column - 1 - MAX_SHOWN / 2 : 0;
        int to = Math.min(sourceLine.length(), from + MAX_SHOWN);
        String shown = printable(sourceLine.substring(Math.min(from, to), to));
        out.append("  ").append(shown).append("\n  ");
        for (int i = from; i < column - 1; i++) {
            out.append(i < sourceLine.length() && sourceLine.charAt(i) == '\t' ? '\t' : ' ');
        }
        int room = Math.max(1, from + shown.length() - (column - 1));
        out.append('^').append("~".repeat(Math.min(length, room) - 1));
        if (hint != null) {
            out.append("\n  hint: ").append(hint);
        }
        return out.toString();
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c == '\t' || c >= ' ' && c != 0x7F && !Character.isISOControl(c) ? c : '\uFFFD');
        }
        return out.toString();
    }
}
