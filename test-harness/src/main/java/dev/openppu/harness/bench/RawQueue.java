package dev.openppu.harness.bench;

import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.reg.DoorbellRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.harness.CheckFailedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hardware queue that a case fills by itself, with wrong packets too. For one thread.
 */
public final class RawQueue implements AutoCloseable {
    private static final long SPACE_NANOS = 10_000_000_000L;
    private static final long STOP_NANOS = 1_000_000_000L;

    private final DeviceLink link;
    private final Function function;
    private final int number;
    private final QueueRegs registers;
    private final DoorbellRegs doorbell;
    private final int slots;
    private final DmaMapping ring;
    private final DmaMapping readIndex;
    private long next;

    /** Writes a packet's body at a base. */
    @FunctionalInterface
    public interface Body {
        void encode(MemorySegment ring, long base);
    }

    /**
     * How to program a queue.
     *
     * @param vector of its interrupts, 0 for none
     * @param moderation microseconds between two of them
     * @param priority 0 lowest to 3 highest
     */
    public record Settings(int log2, boolean multiProducer, int vector, @Nullable Long base, int moderation, int priority) {
        /** A queue of {@code 2^log2} packets for one producer, without interrupts. */
        public static Settings of(int log2) {
            return new Settings(log2, false, 0, null, 0, 0);
        }

        public Settings withMultiProducer() {
            return new Settings(log2, true, vector, base, moderation, priority);
        }

        public Settings withVector(int newVector) {
            return new Settings(log2, multiProducer, newVector, base, moderation, priority);
        }

        public Settings withModeration(int micros) {
            return new Settings(log2, multiProducer, vector, base, micros, priority);
        }

        /** The ring at any IOVA, which may be wrong. */
        public Settings withBase(long iova) {
            return new Settings(log2, multiProducer, vector, iova, moderation, priority);
        }

        /** @param level 0 lowest to 3 highest */
        public Settings withPriority(int level) {
            return new Settings(log2, multiProducer, vector, base, moderation, level);
        }
    }

    RawQueue(DeviceLink link, Function function, BareDevice device, dev.openppu.abi.reg.PpuBar4Regs doorbells, int number, RawSpace space,
            Settings settings) {
        this.link = link;
        this.function = function;
        this.number = number;
        this.registers = device.registers().queue(number);
        this.doorbell = doorbells.queue(number);
        this.slots = 1 << settings.log2();
        this.ring = link.dma().allocate((long) slots * AqlHeader.PACKET_BYTES, DmaAccess.BOTH);
        this.readIndex = link.dma().allocate(Long.BYTES, DmaAccess.DEVICE_WRITES);
        empty();
        Long base = settings.base();
        registers.writeBase(base == null ? ring.iova() : base);
        registers.writeReadIndexAddress(readIndex.iova());
        registers.writeBinding(QueueRegs.Binding.withModeration(QueueRegs.Binding.withContext(0, space.context()), settings.moderation()));
        int control = QueueRegs.Control.withMultiProducer(QueueRegs.Control.withLog2Packets(0, settings.log2()), settings.multiProducer());
        control = QueueRegs.Control.withPriority(control, settings.priority());
        control = QueueRegs.Control.withInterrupt(QueueRegs.Control.withVector(control, settings.vector()), settings.vector() != 0);
        registers.writeControl(control);
        registers.writeControl(QueueRegs.Control.withEnable(control, true));
        registers.readStatus();
    }

    public int number() {
        return number;
    }

    /** Puts a packet into the ring, waiting for space, and rings the doorbell; returns its index. */
    public long submit(int word, Body body) {
        long index = put(word, body);
        ring(index);
        return index;
    }

    /** Puts a packet into the ring, waiting for space, without ringing. */
    public long put(int word, Body body) {
        long index = next;
        put(index, word, body);
        next++;
        return index;
    }

    /** Puts a packet at an index that one of several producers has reserved, waiting for space. For any thread; no two with one index. */
    public void put(long index, int word, Body body) {
        if (!link.runtime().await(() -> index - taken() < slots, link.runtime().deadline(SPACE_NANOS))) {
            throw new CheckFailedException("space in queue " + number, "read index %d, %d packets submitted".formatted(taken(), index));
        }
        long base = (index & slots - 1) * AqlHeader.PACKET_BYTES;
        body.encode(ring.memory(), base);
        AqlHeader.publish(ring.memory(), base, word);
    }

    /** Rings the doorbell with any index. */
    public void ring(long index) {
        doorbell.writeRing(index);
    }

    /** Packets taken, as the device has posted to host memory. */
    public long taken() {
        return (long) LONG.getAcquire(readIndex.memory(), 0L);
    }

    /** The word of a slot as it is now. */
    public int slot(long index) {
        return AqlHeader.acquire(ring.memory(), (index & slots - 1) * AqlHeader.PACKET_BYTES);
    }

    public QueueRegs registers() {
        return registers;
    }

    public QueueState state() {
        QueueState state = QueueState.of(QueueRegs.Status.state(registers.readStatus()));
        if (state == null) {
            throw new CheckFailedException("a known queue state", Integer.toString(registers.readStatus()));
        }
        return state;
    }

    public QueueError error() {
        QueueError error = QueueError.of(QueueRegs.Status.error(registers.readStatus()));
        if (error == null) {
            throw new CheckFailedException("a known queue error", Integer.toString(registers.readStatus()));
        }
        return error;
    }

    /** Waits until the queue has stopped on an error, and tells which. */
    public QueueError awaitError() {
        LinkRuntime runtime = link.runtime();
        if (!function.poll(() -> state() == QueueState.ERROR, STOP_NANOS)) {
            throw new CheckFailedException("queue %d stops on an error".formatted(number), "state " + state() + " at " + runtime.nanos());
        }
        return error();
    }

    /** Takes every packet out of the ring of a disabled queue; the next one put is the first. */
    public void empty() {
        for (int i = 0; i < slots; i++) {
            AqlHeader.invalidate(ring.memory(), (long) i * AqlHeader.PACKET_BYTES);
        }
        next = 0;
        LONG.setRelease(readIndex.memory(), 0L, 0L);
    }

    /** Enables the queue as it was programmed; its index begins at 0. */
    public void enable() {
        registers.writeControl(QueueRegs.Control.withEnable(registers.readControl(), true));
    }

    /** Resets the queue and waits until that is over, well or not. */
    public void reset() {
        registers.writeControl(QueueRegs.Control.withReset(registers.readControl(), true));
        if (!function.poll(() -> !QueueRegs.Status.resetting(registers.readStatus()), STOP_NANOS)) {
            throw new CheckFailedException("the reset of queue %d ends".formatted(number), "0x%08x".formatted(registers.readStatus()));
        }
    }

    /** Disables the queue and waits until it is. */
    public void disable() {
        registers.writeControl(QueueRegs.Control.withEnable(registers.readControl(), false));
        function.poll(() -> state() == QueueState.DISABLED, STOP_NANOS);
    }

    /** Host memory that the queue uses. */
    List<DmaMapping> memory() {
        return List.of(ring, readIndex);
    }

    /** Disables the queue and gives its ring back. */
    @Override
    public void close() {
        disable();
        ring.close();
        readIndex.close();
    }

    private static final java.lang.invoke.VarHandle LONG = ValueLayout.JAVA_LONG.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN).varHandle();
}
