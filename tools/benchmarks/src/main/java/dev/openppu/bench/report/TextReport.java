package dev.openppu.bench.report;

import dev.openppu.bench.contest.LineResult;
import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalDouble;

/** Lines of a table, each printed as soon as it is measured. */
public final class TextReport {
    private static final String FORMAT = "%-28s %-5s %12s %12s %7s %-11s %-4s %8s%n";

    private final PrintStream out;

    public TextReport(PrintStream out) {
        this.out = out;
        out.printf(FORMAT, "LINE", "UNIT", "JAVA", "C", "RATIO", "TARGET", "OK", "BYTES/OP");
    }

    public void line(LineResult line) {
        out.printf(FORMAT, line.metric().name(), line.metric().unit(), number(line.java()), number(line.c()), number(line.ratio()),
                line.metric().target().text(), line.ok().map(ok -> ok ? "yes" : "NO").orElse("-"), number(line.bytesPerOperation()));
        out.flush();
    }

    static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "-";
    }

    /** Three digits or more, never an exponent. */
    static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, value == 0 ? "%.0f" : size < 0.01 ? "%.4f" : size < 10 ? "%.2f" : size < 1000 ? "%.1f" : "%.0f",
                value);
    }
}
