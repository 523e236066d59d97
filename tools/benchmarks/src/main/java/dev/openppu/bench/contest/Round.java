package dev.openppu.bench.contest;

/**
 * What one round of Java's measured.
 *
 * @param values one for each metric of the contest
 * @param bytesPerOperation that the measuring thread allocated; NaN if that says nothing
 */
public record Round(double[] values, double bytesPerOperation) {

    public static Round of(double bytesPerOperation, double... values) {
        return new Round(values, bytesPerOperation);
    }

    /** Of a contest whose work is spread over threads. */
    public static Round withoutAllocation(double... values) {
        return new Round(values, Double.NaN);
    }
}
