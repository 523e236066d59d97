package dev.openppu.harness.sim.check;

import dev.openppu.driver.Metric;
import dev.openppu.driver.Ppu;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.Strike;
import dev.openppu.model.link.ModelLink;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** What must have come of faults that nobody can overlook. {@link Reach} is what they may cost at most; this is the least. */
public final class Felt {
    /** A strike happens up to a tenth of a millisecond later, and a device that is too hot turns itself off a millisecond after that. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** A firmware that has stopped is missed at its heartbeat, and asked. */
    private static final long MISSED_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int NOBODY_ANSWERS = -1;
    private static final Set<FaultPoint> GONE = EnumSet.of(FaultPoint.REMOVAL, FaultPoint.THERMAL_TRIP);
    private static final Set<FaultPoint> STOPPED = EnumSet.of(FaultPoint.FIRMWARE_CRASH, FaultPoint.FIRMWARE_HANG);

    private final ModelLink link;
    private final Ppu ppu;
    private final Rules rules;
    private final int epoch;

    /** @param epoch of the device before the faults */
    public Felt(ModelLink link, Ppu ppu, Rules rules, int epoch) {
        this.link = link;
        this.ppu = ppu;
        this.rules = rules;
        this.epoch = epoch;
    }

    /** To be called when nobody works any more, and before anything is mended. */
    public void require(Collection<Strike> strikes) {
        Set<FaultPoint> points = strikes.stream().map(Strike::point).collect(Collectors.toSet());
        if (points.stream().anyMatch(GONE::contains)) {
            require(SOON_NANOS, () -> link.config().read32(0) == NOBODY_ANSWERS, "the device was pulled out or got too hot",
                    "config space reads all ones", "it answers");
            return;
        }
        Set<FaultPoint> ending = points.stream().filter(point -> Reach.of(point).compareTo(Reach.EPOCH) >= 0).collect(Collectors.toSet());
        if (!ending.isEmpty() && STOPPED.containsAll(ending)) {
            require(MISSED_NANOS, this::epochEnded, "the firmware has stopped", "the driver resets the device",
                    "it is in its epoch " + ppu.epoch());
        }
        if (Reach.of(strikes).compareTo(Reach.EPOCH) < 0 && !epochEnded()) {
            requireSlow(points, FaultPoint.HEAT, "thermal");
            requireSlow(points, FaultPoint.POWER_BRAKE, "power");
        }
    }

    private boolean epochEnded() {
        return ppu.epoch() != epoch || ppu.lost();
    }

    private void requireSlow(Set<FaultPoint> points, FaultPoint point, String reason) {
        if (points.contains(point)) {
            require(SOON_NANOS, () -> ppu.metrics().stream()
                    .anyMatch(metric -> metric.name().equals("throttled_seconds_total") && metric.labels().containsValue(reason)
                            && metric.value() > 0),
                    point.text(), "throttled_seconds_total of " + reason + " above 0", ppu.metrics().stream()
                            .filter(metric -> metric.name().startsWith("throttled")).map(Metric::toString)
                            .collect(Collectors.joining(", ")));
        }
    }

    private void require(long within, BooleanSupplier felt, String happened, String expected, String seen) {
        LinkRuntime runtime = link.runtime();
        long deadline = runtime.deadline(within);
        while (!felt.getAsBoolean()) { // by looking at the device, which no condition that is awaited may do
            if (runtime.nanos() >= deadline) {
                rules.broken(Invariant.FELT, "%s, and %d ms later %s".formatted(happened, TimeUnit.NANOSECONDS.toMillis(within), seen),
                        expected);
                return;
            }
            runtime.sleep(LOOK_NANOS);
        }
    }
}
