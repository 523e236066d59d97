package dev.openppu.rdl.emit.html;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds out which line breaks of a description are meant. Strings of a source run over several lines, indented like the source;
 * a paragraph whose lines are long was wrapped by its author's editor, and its breaks are blanks; short lines, and lines that begin
 * like items of a list, were broken on purpose.
 */
final class Reflow {

    /** Stands for the end of a paragraph. */
    static final char PARAGRAPH = '\u2029';
    /** Stands for a line break that is meant. */
    static final char BREAK = '\n';

    private static final int WRAPPED = 55;
    private static final Pattern LINES = Pattern.compile("\\R");
    private static final Pattern BLANKS = Pattern.compile("[\\h\\x0B]+");
    private static final Pattern ITEM = Pattern
            .compile("(?:[-*+•]|\\(?(?:\\d+|0[xb][\\da-fA-F_]+|\\d+'[bdho][\\da-fA-F_]+)[.):=]*|Note:|NOTE:)\\s.*");

    private Reflow() {}

    /** {@code text} with single blanks, {@link #BREAK} and {@link #PARAGRAPH} as the only white space in it. */
    static String reflow(String text) {
        List<List<String>> paragraphs = new ArrayList<>();
        List<String> current = new ArrayList<>();
        for (String line : LINES.split(text, -1)) {
            String stripped = BLANKS.matcher(line).replaceAll(" ").strip();
            if (!stripped.isEmpty()) {
                current.add(stripped);
            } else if (!current.isEmpty()) {
                paragraphs.add(current);
                current = new ArrayList<>();
            }
        }
        if (!current.isEmpty()) {
            paragraphs.add(current);
        }
        return paragraphs.stream().map(Reflow::join).collect(Collectors.joining(String.valueOf(PARAGRAPH)));
    }

    private static String join(List<String> lines) {
        StringBuilder joined = new StringBuilder(lines.getFirst());
        for (int i = 1; i < lines.size(); i++) {
            boolean meant = lines.get(i - 1).length() < WRAPPED || ITEM.matcher(lines.get(i)).matches();
            joined.append(meant ? BREAK : ' ').append(lines.get(i));
        }
        return joined.toString();
    }
}
