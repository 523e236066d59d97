package dev.openppu.driver;

import java.util.List;

/**
 * How a reset went. It is truthful: {@link #recovered} only if the device answered, and after a reset of the function also booted, afterwards.
 *
 * @param asked the rung that was to be tried first
 * @param attempts in their order; the last one decides
 * @param epoch the device's epoch afterwards
 */
public record ResetReport(ResetLevel asked, List<Attempt> attempts, int epoch) {
    public ResetReport {
        attempts = List.copyOf(attempts);
    }

    /**
     * One attempt at one rung.
     *
     * @param recovered the device can be used again
     * @param what what came out of it, one sentence
     * @param nanos how long it took, on the link's clock
     */
    public record Attempt(ResetLevel level, boolean recovered, String what, long nanos) {}

    public boolean recovered() {
        return !attempts.isEmpty() && attempts.getLast().recovered();
    }
}
