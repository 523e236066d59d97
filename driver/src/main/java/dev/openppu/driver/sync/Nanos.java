package dev.openppu.driver.sync;

import java.time.Duration;

/** Time-outs in nanoseconds, as the link's clock counts. */
public final class Nanos {
    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

    private Nanos() {}

    /** A duration that a long does not hold is {@link Long#MAX_VALUE}, for ever; a negative one is 0. */
    public static long of(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.compareTo(MOST) >= 0 ? Long.MAX_VALUE : timeout.toNanos();
    }
}
