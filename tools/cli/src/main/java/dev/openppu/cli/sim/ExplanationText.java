package dev.openppu.cli.sim;

import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.harness.explain.Explanation;
import dev.openppu.harness.explain.Explanation.Lane;
import dev.openppu.harness.explain.Explanation.Row;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Draws the end of a life for a terminal: time goes down, a column for each thread of the host and each part of the device, and beside them what happens. */
final class ExplanationText {
    private static final String NO_TIME = " ".repeat(16);

    private final Terminal terminal;
    private final PrintStream out;

    ExplanationText(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    void print(Explanation explanation) {
        List<Lane> lanes = explanation.lanes();
        printNames(lanes);
        for (Row row : explanation.rows()) {
            if (row.skipped() > 0) {
                out.println(terminal.paint(Colour.FAINT, NO_TIME + quiet(lanes) + " ... %,d events".formatted(row.skipped())));
            }
            String line = String.format(Locale.ROOT, "%,15.3f ", row.at() / 1e3) + marked(lanes, row) + " "
                    + Terminal.printable(row.text());
            out.println(paint(row, line));
        }
    }

    /** Each name on a line of its own, above its column. */
    private void printNames(List<Lane> lanes) {
        for (int i = 0; i < lanes.size(); i++) {
            StringBuilder line = new StringBuilder(i == 0 ? "   microseconds " : NO_TIME);
            for (int j = 0; j < i; j++) {
                line.append(bar()).append(gap(lanes, j));
            }
            out.println(line + lanes.get(i).name() + (lanes.get(i).host() ? " (host)" : ""));
        }
    }

    private String quiet(List<Lane> lanes) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < lanes.size(); i++) {
            line.append(' ').append(gap(lanes, i));
        }
        return line.toString();
    }

    private String marked(List<Lane> lanes, Row row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < lanes.size(); i++) {
            line.append(i == row.lane() ? mark(row) : bar()).append(gap(lanes, i));
        }
        return line.toString();
    }

    private String mark(Row row) {
        return switch (row.tone()) {
            case FAULT -> terminal.glyph("\u2717", "X");
            case VIOLATION -> terminal.glyph("\u2716", "X");
            case LOSS -> "!";
            case STEP -> terminal.glyph("\u25b6", ">");
            case ACCESS, DEVICE -> terminal.glyph("\u25cf", "*");
        };
    }

    private String bar() {
        return terminal.glyph("\u2502", "|");
    }

    /** More room where the host ends and the device begins. */
    private static String gap(List<Lane> lanes, int i) {
        boolean border = i + 1 < lanes.size() && lanes.get(i).host() && !lanes.get(i + 1).host();
        return border ? "   " : " ";
    }

    private String paint(Row row, String line) {
        return switch (row.tone()) {
            case FAULT, VIOLATION -> terminal.paint(Colour.BAD, line);
            case LOSS -> terminal.paint(Colour.CAUTION, line);
            case STEP -> terminal.paint(Colour.STRONG, line);
            case ACCESS -> line;
            case DEVICE -> terminal.paint(Colour.FAINT, line);
        };
    }
}
