package dev.openppu.bench.contest;

import java.util.List;

/** One operation, done by Java and by C, in rounds of some ten milliseconds that take turns, so that what else the machine does meets both. Used by one thread. */
public interface Contest extends AutoCloseable {

    /** A round of Java's. */
    Round java();

    /** A round of C's: a value for each metric; NaN where C has none. Called only if {@link #comparable()}. */
    double[] c();

    /** Whether there is something to compare with here. */
    boolean comparable();

    /** Whether the measuring thread computes all the time, so that a round in which it did not was disturbed by something else on the machine. */
    default boolean busy() {
        return false;
    }

    /** The warm-up is over. */
    default void begin() {}

    /** Rounds that must be measured, however still the values stand. */
    default int leastRounds() {
        return 0;
    }

    /** Java's values of all rounds in one. */
    default double[] javaSummary(List<double[]> rounds) {
        return Statistics.medians(rounds);
    }

    /** C's values of all rounds in one. */
    default double[] cSummary(List<double[]> rounds) {
        return Statistics.medians(rounds);
    }

    @Override
    void close();
}
