package dev.openppu.harness.sim;

import dev.openppu.driver.PpuOptions;
import dev.openppu.harness.sim.check.Invariant;
import java.time.Duration;

/**
 * How long whoever holds a device to the {@link Invariant}s waits, by the clock of its link, before something counts as waiting for ever.
 *
 * @param options the driver's own time-outs
 * @param work longest that tenants may take for their programs
 * @param promises longest that futures may take behind the last step
 * @param settling longest until everything is given back
 */
record Patience(PpuOptions options, Duration work, Duration promises, Duration settling) {
    /** A life takes well under a simulated second, one with resets some seconds. */
    static final Patience SIMULATED = new Patience(
            quick().drainTimeout(Duration.ofMillis(50)).hangLimit(Duration.ofMillis(100)).messageTimeout(Duration.ofMillis(200))
                    .bootTimeout(Duration.ofSeconds(2)).build(),
            Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(10));
    /** Real time on a machine that has other things to do: what is healthy may stand still for a second. */
    static final Patience REAL = new Patience(
            quick().drainTimeout(Duration.ofSeconds(1)).hangLimit(Duration.ofSeconds(2)).messageTimeout(Duration.ofSeconds(2))
                    .bootTimeout(Duration.ofSeconds(10)).build(),
            Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofMinutes(1));

    private static PpuOptions.Builder quick() {
        return PpuOptions.builder().autoReset(true).noDumps();
    }
}
