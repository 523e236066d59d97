package dev.openppu.harness.report;

import dev.openppu.harness.explain.Explanation;
import dev.openppu.harness.explain.Explanation.Lane;
import dev.openppu.harness.explain.Explanation.Row;
import dev.openppu.harness.explain.Explanation.Tone;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws events downwards, each in the lane of who acts, and what it says beside it; an arrow goes from what is posted to where it arrives. */
final class LanesSvg {
    private static final int TIME = 118;
    private static final int LANE = 24;
    private static final int ROW = 19;
    private static final int HEAD = 118;
    private static final int TEXT = 900;

    private final Explanation explanation;
    private final StringBuilder out = new StringBuilder();

    LanesSvg(Explanation explanation) {
        this.explanation = explanation;
    }

    /** The picture, with a style of its own colours' names only: {@code report.css} has them. */
    String svg() {
        List<Row> rows = explanation.rows();
        int width = TIME + LANE * explanation.lanes().size() + TEXT;
        int height = HEAD + ROW * (rows.size() + (int) rows.stream().filter(row -> row.skipped() > 0).count()) + 12;
        put("<svg class=\"lanes\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"Events of host and device\">%n",
                width,
                height, width, height);
        for (int i = 0; i < explanation.lanes().size(); i++) {
            lane(i, height);
        }
        Map<String, Deque<double[]>> posted = new HashMap<>();
        int y = HEAD;
        for (Row row : rows) {
            if (row.skipped() > 0) {
                put("<text class=\"skipped\" x=\"%d\" y=\"%d\">%,d events</text>%n", text(), y + 13, row.skipped());
                y += ROW;
            }
            arrow(row, y + ROW / 2.0, posted);
            row(row, y);
            y += ROW;
        }
        return out.append("</svg>\n").toString();
    }

    private void lane(int i, int height) {
        Lane lane = explanation.lanes().get(i);
        String side = lane.host() ? "host" : "device";
        put("<line class=\"life %s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>", side, x(i), HEAD - 8, x(i), height - 6);
        put("<text class=\"lane %s\" transform=\"translate(%.1f %d) rotate(-60)\">%s</text>%n", side, x(i) + 4, HEAD - 12,
                Html.escape(lane.name()));
    }

    private void row(Row row, int y) {
        String tone = row.tone().name().toLowerCase(Locale.ROOT);
        if (row.tone() == Tone.FAULT || row.tone() == Tone.VIOLATION || row.tone() == Tone.LOSS) {
            put("<rect class=\"band %s\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/>", tone, y, text() + TEXT, ROW);
        }
        put("<text class=\"time\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%,.3f</text>", TIME - 12, y + 13, row.at() / 1e3);
        put("<circle class=\"%s %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"/>", tone,
                explanation.lanes().get(row.lane()).host() ? "host" : "device",
                x(row.lane()), y + ROW / 2.0, row.tone() == Tone.ACCESS || row.tone() == Tone.DEVICE ? "3.5" : "5.5");
        put("<text class=\"what %s\" x=\"%d\" y=\"%d\">%s</text>%n", tone, text(), y + 13, Html.escape(row.text()));
    }

    private void arrow(Row row, double y, Map<String, Deque<double[]>> posted) {
        double[] here = {x(row.lane()), y};
        switch (row.kind()) {
            case "mmio-write", "irq-sent" -> posted.computeIfAbsent(key(row), any -> new ArrayDeque<>()).addLast(here);
            case "mmio-arrives", "irq-arrives" -> {
                double[] from = posted.getOrDefault(key(row), new ArrayDeque<>()).pollFirst();
                if (from != null) {
                    put("<path class=\"posted\" d=\"M%.1f %.1fL%.1f %.1f\"/>", from[0], from[1], here[0], here[1]);
                }
            }
            default -> {
                // nothing is on its way
            }
        }
    }

    private static String key(Row row) {
        int address = row.detail().indexOf("address="); // the vector is known only where a message is sent
        return row.kind().substring(0, row.kind().indexOf('-')) + row.detail().substring(Math.max(0, address));
    }

    private double x(int lane) {
        return TIME + LANE * (lane + 0.5);
    }

    private int text() {
        return TIME + LANE * explanation.lanes().size() + 10;
    }

    private void put(String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments));
    }
}
