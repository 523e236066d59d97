package dev.openppu.harness.sim;

import static dev.openppu.model.fault.FaultPoint.*;

import dev.openppu.harness.sim.check.Reach;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.RandomFaults.Rate;
import dev.openppu.model.sim.Chance;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Faults that belong together, by a name. A life has a few of them, drawn by its seed, at rates drawn by its seed: a life in which everything goes wrong at once gets nowhere and shows
 * nothing.
 *
 * @param points that may strike
 */
public record FaultProfile(String name, String description, List<FaultPoint> points) {
    private static final int MOST_POINTS = 4;
    private static final int MOST_STRIKES = 6;

    private static final List<FaultProfile> ALL = List.of(
            of("none", "nothing goes wrong"),
            of("all", "everything that can", FaultPoint.values()),
            of("benign", "what nobody may notice",
                    Stream.of(FaultPoint.values()).filter(point -> Reach.of(point) == Reach.NOBODY).toArray(FaultPoint[]::new)),
            of("host", "register accesses that fail", READ_ALL_ONES, READ_TIMED_OUT, WRITE_LOST, DOORBELL_LOST),
            of("dma", "writes to host memory", DMA_LATE, DMA_TORN, DMA_REORDERED, DMA_DUPLICATED, DMA_REFUSED, DMA_FLIPPED),
            of("completions", "signals and indices", COMPLETION_LOST, COMPLETION_LATE, COMPLETION_TWICE, COMPLETION_STALE, INDEX_WILD,
                    DOORBELL_LOST),
            of("interrupts", "interrupt messages", INTERRUPT_LOST, INTERRUPT_SPURIOUS, INTERRUPT_STORM, DMA_LATE),
            of("engines", "engines and queues that stand still, and resets of them", COPY_HANG, COMPUTE_HANG, QUEUE_HANG, PREEMPTION_FAILED,
                    QUEUE_RESET_FAILED,
                    ENGINE_RESET_FAILED),
            of("firmware", "the firmware and its messages", FIRMWARE_CRASH, FIRMWARE_HANG, FIRMWARE_SLOW, MESSAGE_DAMAGED, MESSAGE_WRONG),
            of("memory", "bits that turn over", BIT_FLIPPED, BITS_FLIPPED),
            of("power", "heat and power", HEAT, THERMAL_TRIP, POWER_BRAKE),
            of("resets", "what needs a reset, and resets that fail", FIRMWARE_CRASH, COPY_HANG, COMPUTE_HANG, QUEUE_RESET_FAILED,
                    ENGINE_RESET_FAILED, FUNCTION_RESET_SLOW,
                    FUNCTION_RESET_FAILED),
            of("removal", "the device is pulled out", REMOVAL, INTERRUPT_LOST, DMA_LATE));

    /** Stands for one of the others: each life has its own, by its seed. */
    public static final FaultProfile EVERY = of("every", "each life has one of the others, by its seed");

    private static FaultProfile of(String name, String description, FaultPoint... points) {
        return new FaultProfile(name, description, List.of(points));
    }

    /** All profiles but {@link #EVERY}, in the order in which a user reads them. */
    public static List<FaultProfile> all() {
        return ALL;
    }

    public static Optional<FaultProfile> find(String name) {
        return ALL.stream().filter(profile -> profile.name().equals(name)).findFirst();
    }

    /** The profile of one life: this one, or for {@link #EVERY} the one that the life's seed draws. */
    FaultProfile ofLife(long seed) {
        return this == EVERY ? ALL.get((int) new Chance(seed).stream("profile").below(ALL.size())) : this;
    }

    /** What one life has of it. */
    Map<FaultPoint, Rate> draw(Chance chance) {
        Map<FaultPoint, Rate> rates = new EnumMap<>(FaultPoint.class);
        List<FaultPoint> left = new ArrayList<>(points);
        for (long count = 1 + chance.below(MOST_POINTS); count > 0 && !left.isEmpty(); count--) {
            FaultPoint point = left.remove((int) chance.below(left.size()));
            long oneIn = Math.max(1, usualGap(point) << chance.below(5) >> 2);
            rates.put(point, new Rate(oneIn, 1 + (int) chance.below(MOST_STRIKES)));
        }
        return rates;
    }

    /** About a third of the times that a point is passed in a life. */
    private static long usualGap(FaultPoint point) {
        return switch (point) {
            case READ_ALL_ONES, READ_TIMED_OUT -> 60;
            case WRITE_LOST -> 200;
            case DMA_LATE, DMA_TORN, DMA_REORDERED, DMA_DUPLICATED, DMA_REFUSED, DMA_FLIPPED -> 100;
            case MESSAGE_DAMAGED, MESSAGE_WRONG -> 4;
            case QUEUE_RESET_FAILED, ENGINE_RESET_FAILED, FUNCTION_RESET_SLOW, FUNCTION_RESET_FAILED, PREEMPTION_FAILED -> 1;
            case DOORBELL_LOST, INTERRUPT_LOST -> 30;
            default -> 60;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
