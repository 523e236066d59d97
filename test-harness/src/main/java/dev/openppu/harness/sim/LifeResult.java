package dev.openppu.harness.sim;

import dev.openppu.harness.sim.check.Violation;
import dev.openppu.model.fault.Strike;
import java.util.List;
import java.util.Optional;

/**
 * What came of a life.
 *
 * @param violation what did not hold; empty if all did
 * @param strikes faults that have struck, in their order
 * @param steps that did what they were to do
 * @param losses steps that came to an error of the driver's instead
 * @param epochs that the device has gone through
 * @param simulatedNanos from power-on to the end
 * @param account more of it, where somebody has asked
 */
public record LifeResult(LifeSpec spec, Optional<Violation> violation, List<Strike> strikes, int steps, int losses, int epochs,
        long simulatedNanos, Optional<Account> account) {
    /** Without an account. */
    public LifeResult(LifeSpec spec, Optional<Violation> violation, List<Strike> strikes, int steps, int losses, int epochs,
            long simulatedNanos) {
        this(spec, violation, strikes, steps, losses, epochs, simulatedNanos, Optional.empty());
    }

    public boolean passed() {
        return violation.isEmpty();
    }
}
