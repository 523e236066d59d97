package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.owner.OwnerService.QueueGrant;
import dev.openppu.driver.owner.OwnerService.QueueRequest;
import dev.openppu.driver.owner.QueueHolders.Holding;
import dev.openppu.driver.owner.hang.WatchedQueues;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.irq.Wakeup;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The hardware queues: their rings in pinned memory (packets, then the read index on a page of its own), programming and stopping them, and what the device and its memory say of them. Thread-safe.
 */
public final class QueueManager implements WatchedQueues {
    private static final int SMALLEST_LOG2 = 2;
    private static final int LARGEST_LOG2 = 16;
    private static final int HIGHEST_PRIORITY = 3;
    private static final long PAGE_BYTES = 4096;
    /** Vector 0 is the device's own. */
    private static final int FIRST_VECTOR = 1;

    private final DeviceAccess device;
    private final PinnedMemory pinned;
    private final long stopNanos;
    private final int vectors;
    private final QueueInterrupts interrupts;
    private final QueueHolders holders;
    private final LinkLock lock;
    private final QueueGuards guards;

    private long openings;

    /**
     * @param queues how many there are
     * @param vectors MSI-X vectors that are enabled
     * @param stopNanos longest that a queue may take to stop
     */
    public QueueManager(DeviceAccess device, PinnedMemory pinned, int queues, int vectors, long stopNanos) {
        this.device = device;
        this.pinned = pinned;
        this.stopNanos = stopNanos;
        this.vectors = vectors;
        this.interrupts = new QueueInterrupts(device, device.link().interrupts(), FIRST_VECTOR, vectors);
        this.holders = new QueueHolders(device, queues);
        this.lock = new LinkLock(device.runtime());
        this.guards = new QueueGuards(device.runtime(), queues);
    }

    /**
     * Takes a queue for a context.
     *
     * @param context number in the device
     * @throws PpuException LAUNCH_OUT_OF_RESOURCES, naming who holds them, if all are taken
     */
    public QueueGrant open(int context, QueueRequest request) {
        if (request.log2Packets() < SMALLEST_LOG2 || request.log2Packets() > LARGEST_LOG2) {
            throw device.failure(HgResult.INVALID_VALUE, request.object(), "a queue of 2^%d packets".formatted(request.log2Packets()),
                    "ask for 2^2 to 2^16");
        }
        if (request.priority() < 0 || request.priority() > HIGHEST_PRIORITY) {
            throw device.failure(HgResult.INVALID_VALUE, request.object(), "a queue of priority " + request.priority(), "ask for 0 to 3");
        }
        lock.lock();
        try {
            int number = holders.free(request);
            long ringBytes = Math.max(PAGE_BYTES, (long) AqlHeader.PACKET_BYTES << request.log2Packets());
            DmaMapping mapping = pinned.allocate(ringBytes + PAGE_BYTES, DmaAccess.BOTH);
            MemorySegment packets = mapping.memory().asSlice(0, (long) AqlHeader.PACKET_BYTES << request.log2Packets());
            MemorySegment readIndex = mapping.memory().asSlice(ringBytes, Long.BYTES);
            QueueDoorbell doorbell = new QueueDoorbell(device, number);
            holders.give(number,
                    new Holding(openings++, context, request.object(), request.multiProducer(), mapping, packets, new ReadIndex(readIndex),
                            doorbell,
                            new AtomicReference<>(), new AtomicBoolean()));
            try {
                for (long slot = 0; slot < 1L << request.log2Packets(); slot++) {
                    AqlHeader.invalidate(packets, slot * AqlHeader.PACKET_BYTES);
                }
                program(number, context, request, mapping.iova(), mapping.iova() + ringBytes);
            } catch (RuntimeException e) {
                holders.take(number);
                pinned.free(mapping);
                throw e;
            }
            return new QueueGrant(number, request.log2Packets(), packets, readIndex, doorbell, wakeup(number));
        } finally {
            lock.unlock();
        }
    }

    private Wakeup wakeup(int number) {
        return vectors > FIRST_VECTOR ? interrupts.wakeup(number % (vectors - FIRST_VECTOR)) : Wakeup.any();
    }

    /** Masks interrupts that storm or that nobody wants; called now and then. */
    void lookAtInterrupts() {
        interrupts.look(device.runtime().nanos());
    }

    private void program(int number, int context, QueueRequest request, long ring, long readIndex) {
        QueueRegs registers = device.registers().queue(number);
        registers.writeBase(ring);
        registers.writeReadIndexAddress(readIndex);
        registers.writeBinding(QueueRegs.Binding.withContext(0, context));
        int control = QueueRegs.Control.withLog2Packets(0, request.log2Packets());
        control = QueueRegs.Control.withPriority(control, request.priority());
        control = QueueRegs.Control.withMultiProducer(control, request.multiProducer());
        if (vectors > FIRST_VECTOR) {
            control = QueueRegs.Control.withVector(control, FIRST_VECTOR + number % (vectors - FIRST_VECTOR));
            control = QueueRegs.Control.withInterrupt(control, true);
        }
        registers.writeControl(control);
        requireKept(number, registers.readBase() == ring && registers.readReadIndexAddress() == readIndex
                && registers.readBinding() == QueueRegs.Binding.withContext(0, context) && registers.readControl() == control);
        registers.writeControl(QueueRegs.Control.withEnable(control, true));
        requireKept(number, QueueRegs.Control.enable(device.checked(registers.readControl()))); // flushes
    }

    /** A queue that works in another context's memory because a write was lost would do so unnoticed. */
    private void requireKept(int number, boolean kept) {
        if (!kept) {
            device.requirePresent();
            throw device.nonsense("queue " + number, "its registers do not hold what was written to them");
        }
    }

    /** Who holds which. */
    public QueueHolders holders() {
        return holders;
    }

    /** For whoever stops queues, resets them or gives them back. */
    public QueueGuards guards() {
        return guards;
    }

    /** What is in the queue's ring still is never begun, on purpose: it owes nobody anything any more until it is given back. */
    public void giveUp(int number) {
        Holding holding = holders.of(number);
        if (holding != null) {
            holding.over().set(true);
        }
    }

    /** Has a queue begin no more packets; does not wait for those in flight. */
    public void halt(int number) {
        giveUp(number);
        QueueRegs registers = device.registers().queue(number);
        registers.writeControl(QueueRegs.Control.withEnable(registers.readControl(), false));
    }

    /** Stops a queue at a packet boundary; {@code false} if it did not stop in time. */
    public boolean stop(int number) {
        halt(number);
        return device.poll(() -> inspect(number).state() == QueueState.DISABLED, device.runtime().deadline(stopNanos));
    }

    /** Takes a stopped queue, or one of a lost device, back. */
    public void release(int number) {
        lock.lock();
        try {
            Holding holding = holders.take(number);
            if (holding != null) {
                pinned.free(holding.mapping());
            }
        } finally {
            lock.unlock();
        }
    }

    /** What the device says of a queue; throws on values that do not exist. */
    public HardwareQueue inspect(int number) {
        QueueRegs registers = device.registers().queue(number);
        int status = device.checked(registers.readStatus());
        QueueState state = QueueState.of(QueueRegs.Status.state(status));
        QueueError error = QueueError.of(QueueRegs.Status.error(status));
        QueueHold hold = QueueHold.of(QueueRegs.Status.hold(status));
        if (state == null || error == null || hold == null) {
            throw device.nonsense("queue " + number, "its status register has the unknown value 0x" + Integer.toHexString(status));
        }
        return new HardwareQueue(state, error, hold, QueueRegs.Status.exception(status), registers.readErrorPacket(),
                registers.readErrorAddress());
    }

    @Override
    public int size() {
        return holders.size();
    }

    @Override
    public @Nullable Ring ring(int number) {
        if (holders.of(number) == null) {
            return null;
        }
        lock.lock(); // the ring is not given back meanwhile
        try {
            Holding holding = holders.of(number);
            return holding == null || holding.over().get() ? null : holding.look();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Look look(int number) {
        Holding holding = holders.of(number);
        long told = told(number, holding);
        HardwareQueue queue = inspect(number);
        QueueRegs registers = device.registers().queue(number);
        long progress = registers.readProgress();
        long taken = registers.readReadIndex(); // its copy in memory may have been written wrong
        if (holding != null && queue.state() == QueueState.IDLE) {
            holding.readIndex().correct(told, taken);
        }
        return new Look(queue.state(), queue.hold(), QueueRegs.Progress.count(progress), QueueRegs.Progress.looks(progress),
                missing(number, taken)); // the reads have pushed what the device wrote before
    }

    /** What memory says of how far the holder's ring is taken; 0 if the queue is not its own any more. */
    private long told(int number, @Nullable Holding holding) {
        lock.lock(); // the ring is not given back meanwhile
        try {
            return holding == null || holders.of(number) != holding ? 0 : holding.readIndex().told();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the client was told of more completions than the queue has taken packets: it may give the queue back though one of them has not begun. Reads one register of a queue that is enabled. */
    boolean overcounted(int number) {
        long missing = missing(number, 0); // first the count: what completes from now on was taken
        return missing > Look.TOLD_OF_FAILURE && missing + device.registers().queue(number).readReadIndex() < 0;
    }

    /** Packets that the device has taken and that have not completed, or {@link Look#UNKNOWN}. */
    private long missing(int number, long taken) {
        lock.lock(); // the ring is not given back meanwhile
        try {
            Holding holding = holders.of(number);
            CompletionCount completions = holding == null ? null : holding.completions().get();
            return completions == null ? Look.UNKNOWN : completions.missing(taken);
        } finally {
            lock.unlock();
        }
    }

    /** See {@link OwnerService#packetsTaken}. */
    long taken(int context, int number) {
        lock.lock(); // the queue is not given to another meanwhile
        try {
            return holders.holds(context, number) ? device.checked(device.registers().queue(number).readReadIndex()) : OwnerService.UNKNOWN;
        } finally {
            lock.unlock();
        }
    }

    /** See {@link OwnerService#countsCompletions}. */
    void countsCompletions(int context, int number, MemorySegment count, long first) {
        lock.lock();
        try {
            Holding holding = holders.holds(context, number) ? holders.of(number) : null;
            if (holding != null) {
                for (int other : holders.ofContext(context)) {
                    forgetCount(other, count);
                }
                holding.completions().set(new CompletionCount(count, first));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Another queue counts there from now on. */
    private void forgetCount(int number, MemorySegment count) {
        Holding holding = holders.of(number);
        if (holding != null) {
            holding.completions().updateAndGet(known -> known == null || known.word().address() != count.address() ? known : null);
        }
    }

    @Override
    public void ringAgain(int number) {
        lock.lock(); // the queue is nobody else's meanwhile
        try {
            Holding holding = holders.of(number);
            if (holding != null && holding.multiProducer()) { // to a single producer's queue a ring that goes back is a fault
                device.doorbells().queue(number).writeRing(holding.readIndex().taken());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * A queue's ring at one moment.
     *
     * @param packets a copy
     * @param holder what it is for
     */
    public record Snapshot(long taken, MemorySegment packets, String holder) {}

    /** A copy of a queue's ring; empty if nobody holds it. */
    public Optional<Snapshot> snapshot(int number) {
        lock.lock(); // the ring is not given back meanwhile
        try {
            Holding holding = holders.of(number);
            if (holding == null) {
                return Optional.empty();
            }
            MemorySegment copy = Arena.ofAuto().allocate(holding.packets().byteSize(), AqlHeader.PACKET_BYTES);
            long taken = holding.readIndex().taken();
            copy.copyFrom(holding.packets());
            return Optional.of(new Snapshot(taken, copy, holding.object()));
        } finally {
            lock.unlock();
        }
    }
}
