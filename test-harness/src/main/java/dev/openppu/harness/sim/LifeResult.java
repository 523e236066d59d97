package dev.openppu.harness.sim;

import dev.openppu.harness.cover.Coverage;
import dev.openppu.harness.sim.check.Invariant;
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
 * @param ended whether it came to its end, be it a bad one; a life that did not is not lived again to look closer
 */
public record LifeResult(LifeSpec spec, Optional<Violation> violation, List<Strike> strikes, int steps, int losses, int epochs,
        long simulatedNanos, Optional<Account> account, boolean ended) {

    /** Without an account. */
    public LifeResult(LifeSpec spec, Optional<Violation> violation, List<Strike> strikes, int steps, int losses, int epochs,
            long simulatedNanos) {
        this(spec, violation, strikes, steps, losses, epochs, simulatedNanos, Optional.empty(), true);
    }

    /** Of a life that was not waited for any longer: nothing is known of it but that. */
    static LifeResult unfinished(LifeSpec spec, String seen) {
        return new LifeResult(spec, Optional.of(new Violation(Invariant.PROGRESS, seen)), List.of(), 0, 0, 0, 0,
                Optional.of(new Account(List.of(), Coverage.NONE)), false);
    }

    public boolean passed() {
        return violation.isEmpty();
    }
}
