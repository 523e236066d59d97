package dev.openppu.cli.reference;

/**
 * A result held against its reference.
 *
 * @param elements   how many were compared: all of them
 * @param wrong      how many lie beyond the tolerance
 * @param maxError   the largest absolute difference; infinite where one side is no number and the other is
 * @param worst      index of the first element beyond the tolerance, or of the largest difference
 * @param expected   what the reference has there
 * @param seen       what the result has there
 * @param tolerance  the rule, for people
 */
public record Comparison(long elements, long wrong, double maxError, long worst, double expected, double seen, String tolerance) {

    public boolean good() {
        return wrong == 0;
    }

    /** Collects a comparison element by element. */
    static final class Collector {
        private final String tolerance;
        private long elements;
        private long wrong;
        private double maxError;
        private long worst;
        private double expectedThere;
        private double seenThere;

        Collector(String tolerance) {
            this.tolerance = tolerance;
        }

        /** @param bound largest difference that is right for this element */
        void compare(double expected, double seen, double bound) {
            double error = difference(expected, seen);
            boolean beyond = !(error <= bound);
            if (elements == 0 || (beyond && wrong == 0) || (wrong == 0 && error > maxError)) {
                worst = elements;
                expectedThere = expected;
                seenThere = seen;
            }
            maxError = Math.max(maxError, error);
            wrong += beyond ? 1 : 0;
            elements++;
        }

        private static double difference(double expected, double seen) {
            if (Double.compare(expected, seen) == 0 || expected == seen) {
                return 0;
            }
            double difference = Math.abs(expected - seen);
            return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
        }

        Comparison result() {
            return new Comparison(elements, wrong, maxError, worst, expectedThere, seenThere, tolerance);
        }
    }
}
