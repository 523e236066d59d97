package dev.openppu.harness.sim;

import dev.openppu.harness.sim.check.Reach;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.Strike;
import java.util.List;

/** What a device needs behind a round, so that the next one begins without what is left of this one's faults. */
enum Aftermath {
    /** What has struck may be felt on, and costs nobody anything. */
    NOTHING,
    RESET,
    /** Bits in memory outlive resets, and a device that was lost for good needs it. */
    POWER;

    static Aftermath of(List<Strike> strikes) {
        boolean bits = strikes.stream().map(Strike::point)
                .anyMatch(point -> point == FaultPoint.BIT_FLIPPED || point == FaultPoint.BITS_FLIPPED);
        return switch (Reach.of(strikes)) {
            case DEVICE -> POWER;
            case CONTEXTS, EPOCH -> bits ? POWER : RESET;
            case NOBODY -> bits ? POWER : NOTHING;
        };
    }
}
