package dev.openppu.harness.sim;

import dev.openppu.model.fault.FaultPoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has come of a soak so far.
 *
 * @param rounds that have ended
 * @param seconds since it began
 * @param steps that did what they were to do
 * @param losses steps that came to an error of the driver's instead
 * @param epochs that ended by a reset
 * @param powerOns after the first
 * @param struck in how many rounds each point has struck
 * @param counters of the process
 * @param failure that has ended it
 */
public record SoakResult(int rounds, double seconds, long steps, long losses, long epochs, int powerOns, Map<FaultPoint, Integer> struck,
        List<Trend> counters, Optional<SoakFailure> failure) {

    /** Whether every invariant held and nothing of the process has grown. */
    public boolean good() {
        return failure.isEmpty() && counters.stream().noneMatch(Trend::grown);
    }
}
