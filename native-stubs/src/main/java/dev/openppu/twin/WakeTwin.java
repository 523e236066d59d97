package dev.openppu.twin;

/** Two C threads that wake each other through {@code eventfd}. */
public final class WakeTwin {
    private WakeTwin() {}

    /**
     * The calling thread and one on {@code otherCpu} wake each other in turn, {@code count} times each. Pin the caller before.
     *
     * @param histogram takes half of each round trip
     * @return nanoseconds for {@code count} wake-ups
     */
    public static long wakeUps(int otherCpu, long count, Histogram histogram) {
        long nanos = TwinCalls.wakeUps(-1, otherCpu, count, histogram.counts());
        if (nanos < 0) {
            throw new IllegalStateException("no eventfd or no thread to be had");
        }
        return nanos;
    }
}
