package dev.openppu.harness.report;

import dev.openppu.harness.timeline.Timeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws a timeline: a lane a track, spans of the host above, the device's events below as density. */
final class TimelineSvg {
    private static final int WIDTH = 1200;
    private static final int LABEL = 150;
    private static final int LANE = 22;
    private static final int AXIS = 26;
    /** Device events are counted in this many columns: a run has hundreds of thousands. */
    private static final int COLUMNS = 360;

    private final Timeline timeline;
    private final long end;
    private final StageScale scale;
    private final StringBuilder out = new StringBuilder();

    TimelineSvg(Timeline timeline, long linkNanos) {
        this.timeline = timeline;
        this.end = Math.max(1, linkNanos);
        this.scale = new StageScale(timeline.spans().stream().filter(span -> span.track().equals("stages")).toList(), end);
    }

    String section() {
        if (timeline.spans().isEmpty() && timeline.marks().isEmpty()) {
            return "";
        }
        Map<String, List<Timeline.Span>> hostTracks = new LinkedHashMap<>();
        hostTracks.put("stages", new ArrayList<>());
        timeline.spans().forEach(span -> hostTracks.computeIfAbsent(span.track(), _ -> new ArrayList<>()).add(span));
        Map<String, long[]> deviceTracks = density();
        int height = AXIS + LANE * (hostTracks.size() + deviceTracks.size()) + 8;
        out.append("<section class=\"timeline\">\n<h2>Timeline <small>").append(Html.duration(end))
                .append("; each stage to its own scale</small></h2>\n<div class=\"scroll\"><svg viewBox=\"0 0 ")
                .append(WIDTH).append(' ').append(height)
                .append("\" role=\"img\" aria-label=\"Timeline of stages, cases and device events\">\n");
        axis(height);
        int y = AXIS;
        for (Map.Entry<String, List<Timeline.Span>> track : hostTracks.entrySet()) {
            label(y, track.getKey(), "host");
            for (Timeline.Span span : track.getValue()) {
                span(y, span, track.getKey().equals("stages"));
            }
            y += LANE;
        }
        for (Map.Entry<String, long[]> track : deviceTracks.entrySet()) {
            label(y, track.getKey(), "device");
            density(y, track.getKey(), track.getValue());
            y += LANE;
        }
        return out.append("</svg></div>\n</section>\n").toString();
    }

    private void axis(int height) {
        for (StageScale.Piece piece : scale.pieces()) {
            tick(height, piece.begin(), "start");
        }
        tick(height, end, "end");
    }

    private void tick(int height, long at, String anchor) {
        double x = x(at);
        out.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>", x, AXIS - 6, x,
                height - 4));
        out.append(String.format(Locale.ROOT, "<text class=\"tick\" x=\"%.1f\" y=\"14\" text-anchor=\"%s\">%s</text>%n", x, anchor,
                Html.duration(at)));
    }

    private void label(int y, String track, String side) {
        out.append(String.format(Locale.ROOT, "<text class=\"lane %s\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", side, LABEL - 8,
                y + 15, Html.escape(track)));
    }

    private void span(int y, Timeline.Span span, boolean named) {
        double x = x(span.begin());
        double width = Math.max(1.2, x(span.end()) - x);
        out.append(String.format(Locale.ROOT,
                "<rect class=\"span %s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"><title>%s: %s, %s from %s</title></rect>%n",
                Html.escape(span.kind()), x, y + 2, width, LANE - 5, Html.escape(span.name()), Html.escape(span.kind()),
                Html.duration(span.end() - span.begin()),
                Html.duration(span.begin())));
        if (named && width > span.name().length() * 6.2) {
            out.append(String.format(Locale.ROOT, "<text class=\"name\" x=\"%.1f\" y=\"%d\">%s</text>%n", x + 5, y + 15,
                    Html.escape(span.name())));
        }
    }

    private Map<String, long[]> density() {
        Map<String, long[]> tracks = new LinkedHashMap<>();
        for (Timeline.Mark mark : timeline.marks()) {
            int column = Math.min(COLUMNS - 1, (int) (scale.at(mark.at()) * COLUMNS));
            tracks.computeIfAbsent(mark.track(), _ -> new long[COLUMNS])[column]++;
        }
        return tracks;
    }

    private void density(int y, String track, long[] counts) {
        long most = 1;
        for (long count : counts) {
            most = Math.max(most, count);
        }
        double column = (WIDTH - LABEL) / (double) COLUMNS;
        for (int i = 0; i < COLUMNS; i++) {
            if (counts[i] > 0) {
                double height = 3 + (LANE - 8) * Math.log1p(counts[i]) / Math.log1p(most);
                out.append(String.format(Locale.ROOT,
                        "<rect class=\"event\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %d events</title></rect>%n",
                        LABEL + i * column, y + LANE - 3 - height, column, height, Html.escape(track), counts[i]));
            }
        }
    }

    private double x(long nanos) {
        return LABEL + (WIDTH - LABEL) * scale.at(nanos);
    }
}
