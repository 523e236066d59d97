package dev.openppu.bench.contest;

import java.util.ArrayList;
import java.util.List;

/** The rounds of a contest, disturbed ones apart. */
final class Score {
    private final int metrics;
    private final int fewest;
    private final List<Pair> still = new ArrayList<>();
    private final List<Pair> disturbed = new ArrayList<>();

    /**
     * A round of each side.
     *
     * @param c empty if there is nothing to compare with
     */
    record Pair(Round java, double[] c) {}

    /** @param fewest undisturbed rounds that are enough to leave the others out */
    Score(int metrics, int fewest) {
        this.metrics = metrics;
        this.fewest = fewest;
    }

    void add(Pair pair, boolean wasDisturbed) {
        (wasDisturbed ? disturbed : still).add(pair);
    }

    /** All rounds played. */
    int played() {
        return still.size() + disturbed.size();
    }

    /** Rounds that count: the undisturbed if there are enough of them, else all. */
    List<Pair> counting() {
        if (still.size() >= fewest) {
            return still;
        }
        List<Pair> all = new ArrayList<>(still);
        all.addAll(disturbed);
        return all;
    }

    boolean enough(double mostUncertain) {
        return still.size() >= fewest && uncertainty() <= mostUncertain;
    }

    List<double[]> java() {
        return counting().stream().map(pair -> pair.java().values()).toList();
    }

    List<double[]> c() {
        return counting().stream().map(Pair::c).filter(values -> values.length > 0).toList();
    }

    double bytesPerOperation() {
        return Statistics.median(counting().stream().mapToDouble(pair -> pair.java().bytesPerOperation()).toArray());
    }

    /** Of the ratio of a metric's medians, as a part of it. */
    double uncertainty(int metric) {
        double ofJava = Statistics.uncertainty(Statistics.column(java(), metric));
        double ofC = c().isEmpty() ? 0 : Statistics.uncertainty(Statistics.column(c(), metric));
        return Double.isNaN(ofC) ? ofJava : Math.hypot(ofJava, ofC);
    }

    private double uncertainty() {
        double worst = 0;
        for (int metric = 0; metric < metrics; metric++) {
            worst = Math.max(worst, uncertainty(metric));
        }
        return worst;
    }
}
