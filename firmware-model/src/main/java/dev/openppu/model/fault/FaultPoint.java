package dev.openppu.model.fault;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a device may go wrong by itself. Each point is passed again and again, at the thing that may go wrong: a read, a write, a message, a packet; a {@link FaultSource} says at which passage it
 * strikes. The passages of a point are counted from 1, from the moment when the source was armed.
 */
public enum FaultPoint {
    // ---- the host's accesses
    READ_ALL_ONES("a read of a register is not answered: all ones, soon"),
    READ_TIMED_OUT("a read of a register is not answered: all ones, after the completion timeout"),
    WRITE_LOST("a write to a register does not arrive"),
    DOORBELL_LOST("the ring of a doorbell does not reach its queue"),

    // ---- DMA
    DMA_LATE("a write to host memory is held up, and whatever is behind it"),
    DMA_TORN("a write to host memory arrives in two parts, split at a cache line"),
    DMA_REORDERED("the cache lines of one write to host memory arrive in another order"),
    DMA_DUPLICATED("a write to host memory arrives twice"),
    DMA_REFUSED("the IOMMU refuses what it has a mapping for"),
    DMA_FLIPPED("one bit of a write to host memory turns over"),

    // ---- completions
    COMPLETION_LOST("a packet ends, and its signal is not counted down"),
    COMPLETION_LATE("a packet ends later than its work"),
    COMPLETION_TWICE("a packet's signal is counted down twice"),
    COMPLETION_STALE("a packet counts the signal of the packet before it down, and not its own"),
    INDEX_WILD("the read index of a queue is written far out of range, once"),

    // ---- interrupts: a lost one at the message, the others at the start of a packet
    INTERRUPT_LOST("an interrupt message does not arrive"),
    INTERRUPT_SPURIOUS("an interrupt message comes for which there is no cause"),
    INTERRUPT_STORM("one vector's message comes again and again, for milliseconds"),

    // ---- engines and queues: at the start of a packet
    COPY_HANG("a copy engine stands still"),
    COMPUTE_HANG("the compute engine stands still"),
    QUEUE_HANG("a queue's front end stands still"),
    PREEMPTION_FAILED("a kernel cannot be put aside"),

    // ---- firmware: at the start of a packet, and at its messages
    FIRMWARE_CRASH("the firmware crashes"),
    FIRMWARE_HANG("the firmware hangs: no heartbeat, no reply"),
    FIRMWARE_SLOW("the firmware hears of everything late"),
    MESSAGE_DAMAGED("a bit of a message of the firmware turns over"),
    MESSAGE_WRONG("the firmware answers a command with a failure that is none"),

    // ---- memory, power, heat: at the start of a packet
    BIT_FLIPPED("one bit of a word of device memory turns over: ECC corrects it"),
    BITS_FLIPPED("several bits of a word of device memory turn over: ECC cannot correct them"),
    HEAT("die and air get hot: the clocks go down"),
    THERMAL_TRIP("die and air get too hot: the device turns itself off"),
    POWER_BRAKE("the board's power brake is pulled"),

    // ---- presence: at the start of a packet
    REMOVAL("the device is pulled out"),

    // ---- resets
    QUEUE_RESET_FAILED("the reset of a queue does not end"),
    ENGINE_RESET_FAILED("the reset of an engine does not end"),
    FUNCTION_RESET_SLOW("after a reset the function answers late"),
    FUNCTION_RESET_FAILED("after a reset the function does not answer");

    /** Those that are passed when a packet starts. */
    static final List<FaultPoint> AT_PACKETS = List.of(INTERRUPT_SPURIOUS, INTERRUPT_STORM, COPY_HANG, COMPUTE_HANG, QUEUE_HANG,
            FIRMWARE_CRASH, FIRMWARE_HANG, FIRMWARE_SLOW,
            BIT_FLIPPED, BITS_FLIPPED, HEAT, THERMAL_TRIP, POWER_BRAKE, REMOVAL);

    private final String text;

    FaultPoint(String text) {
        this.text = text;
    }

    /** As it is written in scripts and reports: {@code dma-torn}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What goes wrong there, in words. */
    public String text() {
        return text;
    }

    /** The point of that {@link #id}. */
    public static Optional<FaultPoint> find(String id) {
        return Stream.of(values()).filter(point -> point.id().equals(id)).findFirst();
    }
}
