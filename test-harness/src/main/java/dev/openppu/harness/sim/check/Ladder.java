package dev.openppu.harness.sim.check;

import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.ResetLevel;
import dev.openppu.model.census.DeviceReset;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.Strike;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * That no rung of the recovery ladder (docs/recovery.md) was left out: a driver that gives a device up has tried each of them as often as it says, and each attempt met a fault of its own. What the driver
 * says is held against the resets that the device has met.
 */
public final class Ladder {
    /** Of each rung that resets the function, in one climb. */
    private static final int ATTEMPTS = 2;
    private static final int RUNGS = 2;
    /** With these no reset reaches the device. */
    private static final Set<FaultPoint> GONE = EnumSet.of(FaultPoint.REMOVAL, FaultPoint.THERMAL_TRIP);

    private final FaultInjector device;
    private final Past past;
    private final Rules rules;

    /** @param past resets and recoveries that do not count */
    public Ladder(FaultInjector device, Past past, Rules rules) {
        this.device = device;
        this.past = past;
        this.rules = rules;
    }

    /** Whether these faults leave a device that takes resets. */
    public static boolean takesResets(Collection<Strike> strikes) {
        return strikes.stream().noneMatch(strike -> GONE.contains(strike.point()));
    }

    /**
     * How many of those attempts met no fault of their own in a climb that somebody has asked for, if it failed: one that begins at the bus leaves the function's out; one that begins lower has no loss that was the first of its
     * faults, and does not get a second reset through to a function that does not answer.
     */
    public static int spared(ResetLevel asked) {
        return asked == ResetLevel.BUS ? ATTEMPTS : 1;
    }

    /**
     * To be called where no reset is under way.
     *
     * @param recoveries that the driver has told since
     * @param spared attempts without a fault of their own, as {@link #spared} has them
     */
    public void require(List<RecoveryEvent> recoveries, Collection<Strike> strikes, int spared) {
        List<RecoveryEvent> last = recoveries.stream()
                .filter(event -> event.level() == ResetLevel.BUS).toList();
        long givenUp = last.stream().filter(event -> !event.recovered()).count();
        if (last.isEmpty() || !takesResets(strikes)) {
            return;
        }
        long resets = device.census().resets(DeviceReset.SECONDARY_BUS) - past.busResets();
        long least = givenUp * ATTEMPTS + (last.size() - givenUp);
        if (resets < least) {
            rules.broken(Invariant.SURVIVAL, "the device has met %d resets of its bus, and the driver tells %s".formatted(resets, last),
                    "at least %d: %d before a device is given up".formatted(least, ATTEMPTS));
        }
        long failing = strikes.stream().filter(strike -> Reach.of(strike.point()).compareTo(Reach.EPOCH) >= 0).count();
        long faults = givenUp * ATTEMPTS * RUNGS - spared;
        if (failing < faults) {
            rules.broken(Invariant.SURVIVAL, "the device was given up, and %d faults have struck that may cost more than contexts: %s"
                    .formatted(failing, last), "one for each of the %d attempts that failed".formatted(faults));
        }
    }
}
