package dev.openppu.driver;

import dev.openppu.abi.code.KernelInfo;
import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.FillPacket;
import dev.openppu.abi.packet.KernelDispatchPacket;
import dev.openppu.abi.packet.TimestampPacket;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.driver.client.ArgumentArea;
import dev.openppu.driver.client.Arguments;
import dev.openppu.driver.client.CommandQueue;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.client.LaunchLimits;
import dev.openppu.driver.client.StagedCopy;
import dev.openppu.driver.client.StagingArea;
import dev.openppu.driver.client.StreamFuture;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkRuntime;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Work in order: each operation begins when everything submitted before it has completed. Streams run side by side.
 *
 * <p>Operations return when they are submitted, except copies from and to ordinary host memory, whose Javadoc says more. A full queue holds a submission back
 * ({@link StreamOptions#submitTimeout}); an interrupt ends such a wait with {@link dev.openppu.hal.WaitInterruptedException}, and what was not submitted yet is not.
 *
 * <p>Several threads may use one stream: a submission takes one uncontended compare-and-set, and waits for its turn where threads meet. Submission of everything
 * but staged copies and {@link #done} allocates nothing.
 *
 * <p>If work fails the whole context is lost: every call here then throws {@link ContextLostException}.
 */
public final class Stream implements AutoCloseable {
    private static final int COPY = CopyPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int FILL = FillPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int WAIT_VALUE = WaitValuePacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int WRITE_VALUE = WriteValuePacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    private static final int TIMESTAMP = TimestampPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);

    /** Handle of every context's legacy default stream. */
    public static final long LEGACY_HANDLE = 0x1;
    /** Handle of every thread's default stream. */
    public static final long PER_THREAD_HANDLE = 0x2;

    private final Context context;
    private final ContextLink link;
    private final CommandQueue queue;
    private final StagingArea staging;
    private final ArgumentArea parameters;
    private final Arguments arguments;
    private final LinkLock lock;
    private final Waiting waiting;
    private final long submitNanos;
    private final AtomicBoolean closed = new AtomicBoolean();

    private final long handle;
    private final StreamOptions options;
    private final HostFunctionGate hostFunctions;

    Stream(Context context, CommandQueue queue, StreamOptions options, long handle) {
        this.handle = handle;
        this.options = options;
        this.hostFunctions = new HostFunctionGate(this, context);
        this.context = context;
        this.link = context.link();
        this.queue = queue;
        this.staging = new StagingArea(link, queue);
        this.parameters = new ArgumentArea(link, queue);
        this.arguments = new Arguments(link);
        this.lock = new LinkLock(link.runtime());
        this.waiting = new Waiting(link.runtime());
        this.submitNanos = options.submitTimeout().map(Duration::toNanos).orElse(LinkRuntime.NEVER);
    }

    public Context context() {
        return context;
    }

    /** {@link #LEGACY_HANDLE}, {@link #PER_THREAD_HANDLE}, or a number of its own in the context. */
    public long handle() {
        return handle;
    }

    /** A number of {@link PriorityRange#DEVICE}; lower is served first. */
    public int priority() {
        return options.priority();
    }

    /** Whether it is not ordered with the legacy default stream. */
    public boolean nonBlocking() {
        return options.nonBlocking();
    }

    /** Number of its hardware queue. */
    public int queue() {
        return queue.number();
    }

    /**
     * Copies ordinary host memory, of any size and alignment, to device or pinned memory. Returns when {@code source} may be used again; the end of the copy may
     * still be under way then.
     */
    public void copyToDevice(DeviceMemory destination, long offset, MemorySegment source) {
        long address = range(destination, offset, source.byteSize());
        lock();
        try {
            new StagedCopy(queue, staging, COPY, deadline()).toDevice(source, address);
        } finally {
            lock.unlock();
        }
    }

    /** Copies device or pinned memory to ordinary host memory, of any size and alignment. Returns when the bytes are there. */
    public void copyToHost(MemorySegment destination, DeviceMemory source, long offset) {
        if (destination.isReadOnly()) {
            throw link.invalid(toString(), "the destination of a copy is a read-only segment", "give a writable one");
        }
        long address = range(source, offset, destination.byteSize());
        lock();
        try {
            new StagedCopy(queue, staging, COPY, deadline()).toHost(destination, address);
        } finally {
            lock.unlock();
        }
    }

    /** Copies between device and pinned memory in any direction, of any size and alignment. The two ranges must not overlap. */
    public void copy(DeviceMemory destination, long destinationOffset, DeviceMemory source, long sourceOffset, long bytes) {
        long to = range(destination, destinationOffset, bytes);
        long from = range(source, sourceOffset, bytes);
        if (bytes == 0) {
            return;
        }
        if (from < to + bytes && to < from + bytes) {
            throw link.invalid(toString(), "source and destination of a copy overlap", "copy through a third buffer");
        }
        lock();
        try {
            long slot = queue.slot(deadline());
            CopyPacket.encode(queue.ring(), slot, 0, from, to, bytes, queue.signalAddress());
            queue.submit(slot, COPY);
        } finally {
            lock.unlock();
        }
    }

    /** Sets {@code elements} bytes. */
    public void fill8(DeviceMemory destination, long offset, byte value, long elements) {
        fill(destination, offset, Byte.BYTES, value & 0xffL, elements);
    }

    /** Sets {@code elements} 16-bit values; the address must be a multiple of 2. */
    public void fill16(DeviceMemory destination, long offset, short value, long elements) {
        fill(destination, offset, Short.BYTES, value & 0xffffL, elements);
    }

    /** Sets {@code elements} 32-bit values; the address must be a multiple of 4. */
    public void fill32(DeviceMemory destination, long offset, int value, long elements) {
        fill(destination, offset, Integer.BYTES, value & 0xffff_ffffL, elements);
    }

    private void fill(DeviceMemory destination, long offset, int elementBytes, long pattern, long elements) {
        if (elements < 0 || elements > Long.MAX_VALUE / elementBytes) {
            throw link.invalid(toString(), "a fill of " + elements + " elements", "give 0 or more");
        }
        long address = aligned(range(destination, offset, elements * elementBytes), elementBytes);
        if (elements == 0) {
            return;
        }
        lock();
        try {
            long slot = queue.slot(deadline());
            FillPacket.encode(queue.ring(), slot, elementBytes, pattern, address, elements, queue.signalAddress());
            queue.submit(slot, FILL);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Launches a kernel; {@link Arguments} tells which Java values its parameters take. Everything is checked before anything is submitted.
     *
     * @throws PpuException INVALID_VALUE for a shape or argument that does not fit, LAUNCH_OUT_OF_RESOURCES if a block needs more than a unit has
     */
    public void launch(Kernel kernel, Launch launch, Object... values) {
        kernel.module().requireOpen();
        requireOwn(kernel.module().context(), kernel);
        KernelInfo info = kernel.info();
        LaunchLimits.check(link, info, launch);
        lock();
        try {
            parameters.claim(info.parameterBytes(), deadline());
            arguments.write(info, values, parameters.memory(), parameters.offset());
            long slot = queue.slot(deadline());
            Launch.Extent block = launch.block();
            Launch.Extent grid = launch.grid();
            KernelDispatchPacket.encodeShape(queue.ring(), slot, block.x(), block.y(), block.z(), grid.x(), grid.y(), grid.z(),
                    launch.sharedBytes());
            KernelDispatchPacket.encodeAddresses(queue.ring(), slot, kernel.descriptorAddress(), parameters.address(),
                    queue.signalAddress());
            queue.submit(slot, KernelDispatchPacket.word(true, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM,
                    Math.max(block.dimensions(), grid.dimensions())));
        } finally {
            lock.unlock();
        }
    }

    /** Holds the stream until the 32-bit value in memory compares with {@code value}. */
    public void waitValue32(DeviceMemory memory, long offset, Compare compare, int value) {
        waitValue(aligned(range(memory, offset, Integer.BYTES), Integer.BYTES), compare.code(), value & 0xffff_ffffL);
    }

    /** Holds the stream until the 64-bit value in memory compares with {@code value}. */
    public void waitValue64(DeviceMemory memory, long offset, Compare compare, long value) {
        waitValue(aligned(range(memory, offset, Long.BYTES), Long.BYTES), compare.code() | WaitValuePacket.FLAG_64_BIT, value);
    }

    private void waitValue(long address, int control, long value) {
        lock();
        try {
            long slot = queue.slot(deadline());
            WaitValuePacket.encode(queue.ring(), slot, control, address, value, queue.signalAddress());
            queue.submit(slot, WAIT_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** Stores a 32-bit value. */
    public void writeValue32(DeviceMemory memory, long offset, int value) {
        lock();
        try {
            writeValue(aligned(range(memory, offset, Integer.BYTES), Integer.BYTES), 0, value & 0xffff_ffffL);
        } finally {
            lock.unlock();
        }
    }

    /** Stores a 64-bit value. */
    public void writeValue64(DeviceMemory memory, long offset, long value) {
        lock();
        try {
            writeValue(aligned(range(memory, offset, Long.BYTES), Long.BYTES), WriteValuePacket.FLAG_64_BIT, value);
        } finally {
            lock.unlock();
        }
    }

    private void writeValue(long address, int control, long value) {
        long slot = queue.slot(deadline());
        WriteValuePacket.encode(queue.ring(), slot, control, address, value, queue.signalAddress());
        queue.submit(slot, WRITE_VALUE);
    }

    /** Stores the device time in nanoseconds (64 bits, 8-byte aligned). */
    public void timestamp(DeviceMemory memory, long offset) {
        long address = aligned(range(memory, offset, Long.BYTES), Long.BYTES);
        lock();
        try {
            timestamp(address);
        } finally {
            lock.unlock();
        }
    }

    private void timestamp(long address) {
        long slot = queue.slot(deadline());
        TimestampPacket.encode(queue.ring(), slot, address, queue.signalAddress());
        queue.submit(slot, TIMESTAMP);
    }

    /**
     * Has a thread of the link's call {@code function} when everything submitted so far has completed; what is submitted afterwards waits until it has returned. Functions of
     * one device run one at a time. It may not call the API: every call fails with NOT_PERMITTED (800). It is not called when the context is in error by then.
     *
     * @return completes when the function has returned, exceptionally with what it threw (also logged; the stream goes on), or with what lost the context
     */
    public CompletableFuture<Void> launchHostFunction(Runnable function) {
        requireOpen();
        return hostFunctions.launch(function);
    }

    /** Holds the stream until the count at this address is {@code value} or more. */
    void holdUntil(long address, long value) {
        waitValue(address, WaitValuePacket.COMPARE_GREATER_OR_EQUAL | WaitValuePacket.FLAG_64_BIT, value);
    }

    /** Sets the event behind the work submitted so far. */
    public void record(Event event) {
        event.requireOpen();
        requireOwn(event.context(), event);
        lock();
        try {
            timestamp(event.timeAddress());
            writeValue(event.countAddress(), WriteValuePacket.FLAG_64_BIT, event.recordedBy(this));
        } finally {
            lock.unlock();
        }
    }

    /** Holds this stream until the event's last recording has been reached; does not hold the host. */
    public void waitFor(Event event) {
        event.requireOpen();
        requireOwn(event.context(), event);
        long target = event.target();
        if (target != 0) {
            waitValue(event.countAddress(), WaitValuePacket.COMPARE_GREATER_OR_EQUAL | WaitValuePacket.FLAG_64_BIT, target);
        }
    }

    /** Waits until everything submitted so far has completed. */
    public void synchronize() {
        requireOpen();
        queue.await(queue.submitted(), LinkRuntime.NEVER);
    }

    /** As {@link #synchronize()}, at most that long (stretched for slow devices); then {@link PpuTimeoutException}. */
    public void synchronize(Duration timeout) {
        requireOpen();
        queue.await(queue.submitted(), link.runtime().deadline(timeout.toNanos()));
    }

    /** SUCCESS (0) if everything submitted so far has completed, NOT_READY (600) if not; throws if it failed. */
    public HgResult query() {
        return idle() ? HgResult.SUCCESS : HgResult.NOT_READY;
    }

    /** Whether work submitted so far may complete still. */
    boolean unfinished() {
        return !queue.reached(queue.submitted()) && !queue.stopped();
    }

    boolean closed() {
        return closed.get();
    }

    /** Whether everything submitted so far has completed; throws if it failed. Allocates nothing. */
    public boolean idle() {
        requireOpen();
        if (queue.reached(queue.submitted())) {
            return true;
        }
        if (queue.stopped()) {
            throw queue.stopReason();
        }
        return false;
    }

    /**
     * Completes when everything submitted so far has completed, or fails with what stopped it. Its {@code get} and {@code join}, and those of
     * the stages that are made from it, wait through the link's runtime; {@link CompletableFuture#allOf} makes a future that does not: under a simulated clock combine them
     * by {@code thenCombine}. Dependent stages run on a thread of the link's and must not wait for this device.
     */
    public CompletableFuture<Void> done() {
        requireOpen();
        StreamFuture work = new StreamFuture(link.runtime(), queue, queue.submitted());
        context.watcher().watch(work);
        return work.future();
    }

    boolean stopped() {
        return queue.stopped();
    }

    PpuException stopReason() {
        return queue.stopReason();
    }

    /** Waits for what was submitted so far, quietly: until the deadline, or until nothing more will complete. */
    void drain(long deadlineNanos) {
        long target = queue.submitted();
        waiting.uninterruptibly(() -> queue.reached(target) || queue.stopped(), deadlineNanos);
    }

    /** Ends all waits; the context takes the queue back with everything else. */
    void abandon() {
        closed.set(true);
        queue.close();
    }

    /**
     * Waits for the work submitted so far, at most {@link PpuOptions#drainTimeout}, and gives the hardware queue back. Work that is still in flight then is abandoned,
     * and its context with it. Idempotent.
     *
     * @throws PpuException INVALID_HANDLE (400) for a default stream: it lives as long as its context
     */
    @Override
    public void close() {
        HostFunctionScope.refuseCalls();
        if (handle <= PER_THREAD_HANDLE) {
            throw new PpuException(Failure.of(HgResult.INVALID_HANDLE, link.device(), toString(), "a default stream is not closed",
                    "close its context"));
        }
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        drain(context.drainDeadline());
        queue.close();
        waiting.uninterrupted(this::giveBack);
        context.forget(this);
    }

    private void giveBack() {
        lock.lock(); // a submission that was waiting for space has ended by now
        try {
            link.owner().closeQueue(link.context(), queue.number());
            staging.close();
            parameters.close();
            context.signals().give(queue.signal());
            hostFunctions.close();
        } finally {
            lock.unlock();
        }
    }

    private void lock() {
        requireOpen();
        context.defaultStreams().before(this);
        lock.lock();
        if (closed.get()) {
            lock.unlock();
            throw link.closed(toString());
        }
    }

    private void requireOpen() {
        HostFunctionScope.refuseCalls();
        if (closed.get()) {
            link.requireAlive();
            throw link.closed(toString());
        }
    }

    private long deadline() {
        return submitNanos == LinkRuntime.NEVER ? LinkRuntime.NEVER : link.runtime().deadline(submitNanos);
    }

    private long range(DeviceMemory memory, long offset, long bytes) {
        memory.requireOpen();
        requireOwn(memory.context(), memory);
        Objects.checkFromIndexSize(offset, bytes, memory.size());
        return memory.address() + offset;
    }

    private long aligned(long address, int bytes) {
        if ((address & bytes - 1) != 0) {
            throw link.invalid(toString(), "address 0x%x is not a multiple of %d".formatted(address, bytes), "align it");
        }
        return address;
    }

    private void requireOwn(Context other, Object object) {
        if (other != context) {
            throw link.invalid(toString(), object + " belongs to another context", "use an object of context " + context.id());
        }
    }

    @Override
    public String toString() {
        String kind = handle == LEGACY_HANDLE
                ? "legacy default stream"
                : handle == PER_THREAD_HANDLE ? "per-thread default stream" : "stream";
        return kind + " on queue " + queue.number() + " of context " + context.id();
    }
}
