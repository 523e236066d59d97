package dev.openppu.bench.contest;

import java.util.Arrays;
import java.util.List;

/** Medians, and how far one may trust them. */
final class Statistics {
    private Statistics() {}

    static double median(double... values) {
        return quantile(sorted(values), 0.5);
    }

    static double[] medians(List<double[]> rounds) {
        double[] medians = new double[rounds.getFirst().length];
        for (int metric = 0; metric < medians.length; metric++) {
            medians[metric] = median(column(rounds, metric));
        }
        return medians;
    }

    /** Half the width of the median's 95 % interval, as a part of the median (McGill, Tukey, Larsen 1978: 1.57 interquartile ranges by the root of n). */
    static double uncertainty(double... values) {
        double[] sorted = sorted(values);
        double range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
        double median = quantile(sorted, 0.5);
        return median == 0 ? range : 1.57 * range / Math.sqrt(values.length) / Math.abs(median);
    }

    static double[] column(List<double[]> rounds, int metric) {
        return rounds.stream().mapToDouble(round -> round[metric]).toArray();
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double quantile(double[] sorted, double part) {
        double at = part * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
