package dev.openppu.rdl.emit.text;

import java.util.List;

/** The widths of the tree's columns: every row is fitted first, then every row is laid out. */
final class TreeColumns {

    private static final int ADDRESS = 0;
    private static final int SIZE = 3;
    private static final String GAP = "  ";

    private final int[] widths = new int[TreeRow.HEADING.cells().size()];

    /** Makes room for {@code row}. */
    void fit(TreeRow row) {
        List<String> cells = row.cells();
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
        }
    }

    /** The row as a line without blanks at its end. */
    String line(TreeRow row) {
        List<String> cells = row.cells();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            boolean right = i == ADDRESS || i == SIZE;
            line.append(i == 0 ? "" : GAP).append(right ? padding : "").append(cells.get(i)).append(right ? "" : padding);
        }
        return line.toString().stripTrailing();
    }
}
