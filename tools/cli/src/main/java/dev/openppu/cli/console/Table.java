package dev.openppu.cli.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows of text in columns as wide as their widest cell. The last column is not padded. For one thread. */
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();

    public Table(String... header) {
        if (header.length > 0) {
            row(header);
        }
    }

    /** Adds a row; it may have fewer cells than others, never more meaning. */
    public Table row(String... cells) {
        rows.add(List.of(cells));
        widths.addAll(Collections.nCopies(Math.max(0, cells.length - widths.size()), 0));
        for (int i = 0; i < cells.length; i++) {
            widths.set(i, Math.max(widths.get(i), visible(cells[i])));
        }
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public void print(PrintStream out, String indent) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.size(); i++) {
                line.append(i == 0 ? "" : GAP).append(row.get(i));
                if (i < row.size() - 1) {
                    line.repeat(' ', widths.get(i) - visible(row.get(i)));
                }
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** Characters that take room: colours take none. */
    private static int visible(String cell) {
        return (int) cell.replaceAll("\033\\[[0-9;]*[mK]", "").codePoints().count();
    }
}
