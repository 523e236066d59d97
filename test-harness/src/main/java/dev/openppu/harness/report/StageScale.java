package dev.openppu.harness.report;

import dev.openppu.harness.timeline.Timeline;
import java.util.ArrayList;
import java.util.List;

/**
 * Places times on a line where each stage has its own scale: half of the width is shared equally, half by duration. A reset takes a hundred milliseconds and a
 * thousand packets take one, and both are to be seen. Within a stage the scale is linear.
 */
final class StageScale {
    private final List<Piece> pieces = new ArrayList<>();

    /** Part of the time from {@code begin} to {@code end} on the line from {@code from} to {@code to}, both of 0 to 1. */
    record Piece(long begin, long end, double from, double to) {}

    StageScale(List<Timeline.Span> stages, long end) {
        List<Long> cuts = new ArrayList<>(List.of(0L));
        for (Timeline.Span stage : stages.subList(0, Math.max(0, stages.size() - 1))) { // the last one lasts to the end
            if (stage.end() > cuts.getLast() && stage.end() < end) {
                cuts.add(stage.end());
            }
        }
        cuts.add(end);
        int count = cuts.size() - 1;
        double from = 0;
        for (int i = 0; i < count; i++) {
            double share = 0.5 / count + 0.5 * (cuts.get(i + 1) - cuts.get(i)) / end;
            pieces.add(new Piece(cuts.get(i), cuts.get(i + 1), from, from + share));
            from += share;
        }
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** 0 to 1; times outside are moved to the nearer end. */
    double at(long nanos) {
        for (Piece piece : pieces) {
            if (nanos < piece.end) {
                double part = Math.max(0, nanos - piece.begin) / (double) (piece.end - piece.begin);
                return piece.from + (piece.to - piece.from) * part;
            }
        }
        return 1;
    }
}
