package dev.openppu.harness.sim.check;

import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.Strike;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;

/** How far a fault may reach: what may be lost to it, and no more. */
public enum Reach {
    /** Nobody loses anything. */
    NOBODY,
    /** Contexts may be lost, the device goes on in its epoch. */
    CONTEXTS,
    /** The device may be lost to all, and comes back in a new epoch. */
    EPOCH,
    /** The device may be lost for good. */
    DEVICE;

    /** How far a fault at this point may reach. */
    public static Reach of(FaultPoint point) {
        return switch (point) {
            case DMA_LATE, DMA_TORN, DMA_REORDERED, DMA_DUPLICATED, COMPLETION_LATE, INTERRUPT_LOST, INTERRUPT_SPURIOUS, INTERRUPT_STORM,
                    DOORBELL_LOST, FIRMWARE_SLOW,
                    BIT_FLIPPED, HEAT, POWER_BRAKE ->
                NOBODY;
            case COPY_HANG, COMPUTE_HANG, QUEUE_HANG, BITS_FLIPPED, PREEMPTION_FAILED -> CONTEXTS;
            case READ_ALL_ONES, READ_TIMED_OUT, WRITE_LOST, DMA_REFUSED, DMA_FLIPPED, COMPLETION_LOST, COMPLETION_TWICE, COMPLETION_STALE,
                    INDEX_WILD, FIRMWARE_CRASH,
                    FIRMWARE_HANG, MESSAGE_DAMAGED, MESSAGE_WRONG, QUEUE_RESET_FAILED, ENGINE_RESET_FAILED, FUNCTION_RESET_SLOW ->
                EPOCH;
            case REMOVAL, THERMAL_TRIP, FUNCTION_RESET_FAILED -> DEVICE;
        };
    }

    /**
     * The furthest of all that has struck. A queue that stands still with its packet in an engine that stands still, too, is beyond the resets of either: that may take one of the function.
     */
    public static Reach of(Collection<Strike> strikes) {
        Set<FaultPoint> points = strikes.stream().map(Strike::point).collect(Collectors.toSet());
        Reach furthest = points.stream().map(Reach::of).max(Comparator.naturalOrder()).orElse(NOBODY);
        boolean beyondLowerRungs = points.contains(FaultPoint.QUEUE_HANG)
                && (points.contains(FaultPoint.COPY_HANG) || points.contains(FaultPoint.COMPUTE_HANG));
        return beyondLowerRungs && furthest == CONTEXTS ? EPOCH : furthest;
    }

    /** Whether the host, by this fault, reads what no register holds, or has not written what it thinks it has. */
    public static boolean ofRegisters(FaultPoint point) {
        return switch (point) {
            case READ_ALL_ONES, READ_TIMED_OUT, WRITE_LOST, REMOVAL, THERMAL_TRIP -> true;
            default -> false;
        };
    }

    /** Whether the device, by this fault, says that something is done or stored which is not: nobody can notice that. */
    public static boolean lies(FaultPoint point) {
        return switch (point) {
            case DMA_FLIPPED, COMPLETION_TWICE, COMPLETION_STALE, WRITE_LOST, INDEX_WILD -> true;
            default -> false;
        };
    }
}
