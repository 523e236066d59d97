package dev.openppu.cli.console;

import dev.openppu.cli.console.Terminal.Colour;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * One line a stage of a longer work. Live, the line stands there as soon as the stage begins and fills in with what is found; otherwise each stage prints
 * one line when it ends. For one thread.
 */
public final class StageLines {
    /** What fits the narrowest usual terminal: a line that wraps could not be taken back. */
    private static final int WIDEST = 79;

    private final Terminal terminal;
    private final int titleWidth;
    private final List<String> details = new ArrayList<>();
    private @Nullable String title;

    /** @param titleWidth columns that titles take */
    public StageLines(Terminal terminal, int titleWidth) {
        this.terminal = terminal;
        this.titleWidth = titleWidth;
    }

    public void begin(String stage) {
        title = stage;
        details.clear();
        show();
    }

    /** Something that this stage found. */
    public void detail(String detail) {
        details.add(detail);
        show();
    }

    /** Replaces the last detail: progress in numbers. */
    public void progress(String detail) {
        if (!details.isEmpty()) {
            details.removeLast();
        }
        detail(detail);
    }

    public void succeed(long nanos) {
        end(terminal.paint(Colour.GOOD, terminal.glyph("\u2713", "ok  ")), duration(nanos));
    }

    public void skip(String reason) {
        end(terminal.paint(Colour.CAUTION, terminal.glyph("\u2013", "skip")), reason);
    }

    public void fail(String reason) {
        end(terminal.paint(Colour.BAD, terminal.glyph("\u2717", "FAIL")), terminal.paint(Colour.BAD, reason));
    }

    private void show() {
        if (terminal.live()) {
            String line = line(terminal.glyph("\u00b7", "-"));
            terminal.out().print(terminal.restartLine() + line.substring(0, Math.min(line.length(), WIDEST)));
            terminal.out().flush();
        }
    }

    private void end(String mark, String remark) {
        if (title == null) {
            return;
        }
        if (terminal.live()) {
            terminal.out().print(terminal.restartLine());
        }
        terminal.out().println(line(mark) + (remark.isEmpty() ? "" : "  " + terminal.paint(Colour.FAINT, remark)));
        title = null;
    }

    private String line(String mark) {
        String padded = String.format(Locale.ROOT, "%-" + titleWidth + "s", title == null ? "" : title);
        return (mark + " " + padded + "  " + String.join(", ", details)).stripTrailing();
    }

    /** A duration in the unit that fits. */
    public static String duration(long nanos) {
        if (nanos < 1_000) {
            return nanos + " ns";
        }
        if (nanos < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
        }
        return nanos < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
                : String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }

    /** Bytes in the binary unit that fits. */
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        double value = bytes / (double) (1L << unit * 10);
        return (value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.1f", value)) + " "
                + "KMGTPE".charAt(unit - 1) + "iB";
    }
}
