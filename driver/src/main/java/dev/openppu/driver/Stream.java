package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.packet.WriteValuePacket;
import dev.openppu.driver.client.Arguments;
import dev.openppu.driver.client.CallbackThreads;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.client.Drain;
import dev.openppu.driver.client.ForeignWaits;
import dev.openppu.driver.client.Lane;
import dev.openppu.driver.client.LaunchLimits;
import dev.openppu.driver.client.Mark;
import dev.openppu.driver.client.SignalSlot;
import dev.openppu.driver.client.StageScope;
import dev.openppu.driver.client.StreamFuture;
import dev.openppu.driver.client.Timeline;
import dev.openppu.driver.event.CopyEvent;
import dev.openppu.driver.sync.Nanos;
import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkRuntime;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work in order: each operation begins when everything submitted before it has completed. Streams run side by side, as far as there are hardware queues for them: streams of one
 * priority share the context's channels ({@link PpuOptions#maxConnections}), and those of one channel wait for each other. A stream that waits for a value gets a channel for
 * itself, if the device has one to spare.
 *
 * <p>Operations return when they are submitted, except copies from and to ordinary host memory, whose Javadoc says more. A full queue holds a submission back
 * ({@link StreamOptions#submitTimeout}); an interrupt ends such a wait with {@link PpuInterruptedException}, and what was not submitted yet is not.
 *
 * <p>Several threads may use one stream: a submission takes one uncontended compare-and-set, and waits for its turn where threads meet. Producers that find the queue full are
 * served in the order in which they came. Submission of everything but staged copies, {@link #record} and {@link #done} allocates nothing, nor does polling.
 *
 * <p>If work fails the whole context is lost: every call here then throws {@link ContextLostException}.
 */
public final class Stream implements AutoCloseable {
    /** Operations of {@link #batchMemoryOperations} at most (facts §9.1). */
    public static final int MAX_BATCH = 255;
    /** Handle of every context's legacy default stream. */
    public static final long LEGACY_HANDLE = 0x1;
    /** Handle of every thread's default stream. */
    public static final long PER_THREAD_HANDLE = 0x2;

    private final Context context;
    private final ContextLink link;
    private final int number;
    private final long handle;
    private final StreamOptions options;
    private final HostFunctionGate hostFunctions;
    private final AtomicLong frees = new AtomicLong();
    private final AtomicReference<FreesBefore> freesBefore = new AtomicReference<>(FreesBefore.NONE);
    private final Timeline timeline;
    private final Waiting waiting;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final StreamPackets packets;
    private final Ranges ranges;
    private final Rectangles rectangles;

    Stream(Context context, int number, Timeline timeline, StreamOptions options, long handle) {
        this.handle = handle;
        this.options = options;
        this.hostFunctions = new HostFunctionGate(this, context);
        this.context = context;
        this.link = context.link();
        this.number = number;
        this.timeline = timeline;
        this.waiting = new Waiting(link.runtime());
        this.packets = new StreamPackets(this, timeline, options.submitTimeout().map(Nanos::of).orElse(LinkRuntime.NEVER));
        this.ranges = new Ranges(context, this);
        this.rectangles = new Rectangles(this, link, ranges);
    }

    public Context context() {
        return context;
    }

    /** Number in its context, from 0; never used again. */
    public int id() {
        return number;
    }

    /** Number of the hardware queue that it runs on now: it may change, and other streams may share it. */
    public int queue() {
        return timeline.lane().queue().number();
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

    /**
     * Copies ordinary host memory, of any size and alignment, to device or pinned memory. Returns when {@code source} may be used again; the end of the copy may
     * still be under way then. Memory of another context is taken too; then this waits for the copy's end.
     */
    public void copyToDevice(DeviceMemory destination, long offset, MemorySegment source) {
        HostSegments.requireAlive(link, source);
        if (destination.context() != context && !context.reaches(destination)) {
            synchronize();
            Stream carrier = destination.context().carrier();
            carrier.copyToDevice(destination, offset, source);
            carrier.synchronize();
            return;
        }
        long address = ranges.address(destination, offset, source.byteSize());
        CopyEvent event = copyEvent(CopyEvent.Kind.HOST_TO_DEVICE, source.byteSize());
        packets.copyToDevice(address, source);
        finish(event);
    }

    /** Copies device or pinned memory to ordinary host memory, of any size and alignment. Memory of another context is taken too. Returns when the bytes are there. */
    public void copyToHost(MemorySegment destination, DeviceMemory source, long offset) {
        HostSegments.requireWritable(link, destination);
        if (source.context() != context && !context.reaches(source)) {
            synchronize();
            source.context().carrier().copyToHost(destination, source, offset);
            return;
        }
        long address = ranges.address(source, offset, destination.byteSize());
        CopyEvent event = copyEvent(CopyEvent.Kind.DEVICE_TO_HOST, destination.byteSize());
        packets.copyToHost(destination, address);
        finish(event);
    }

    private @Nullable CopyEvent copyEvent(CopyEvent.Kind kind, long bytes) {
        return CopyEvent.wanted() ? CopyEvent.begin(link.device(), link.number(), queue(), kind, bytes) : null;
    }

    private static void finish(@Nullable CopyEvent event) {
        if (event != null) {
            event.finished();
        }
    }

    /**
     * Copies between device and pinned memory in any direction, of any size and alignment. The two ranges must not overlap. Device memory of another context, or of another
     * device, is taken too: that is a {@link #copyPeer}.
     */
    public void copy(DeviceMemory destination, long destinationOffset, DeviceMemory source, long sourceOffset, long bytes) {
        if (!context.reaches(destination) || !context.reaches(source)) {
            CompletableFuture<Void> _ = copyPeer(destination, destinationOffset, source, sourceOffset, bytes); // the stream waits for it
            return;
        }
        long to = ranges.address(destination, destinationOffset, bytes);
        long from = ranges.address(source, sourceOffset, bytes);
        if (bytes == 0) {
            return;
        }
        ranges.requireApart(to, from, bytes);
        packets.copy(to, from, bytes);
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
        long address = ranges.values(destination, offset, elementBytes, elements);
        if (elements == 0) {
            return;
        }
        packets.fill(address, elementBytes, pattern, elements);
    }

    /**
     * Launches a kernel; {@link Arguments} tells which Java values its parameters take. Everything is checked before anything is submitted.
     *
     * @throws PpuException INVALID_VALUE for a shape or argument that does not fit, LAUNCH_OUT_OF_RESOURCES if a block needs more than a unit has
     */
    public void launch(Kernel kernel, Launch launch, Object... values) {
        kernel.module().requireOpen();
        requireOwn(kernel.module().context(), kernel);
        LaunchLimits.check(link, kernel.info(), launch);
        packets.launch(kernel, launch, values);
    }

    /** Holds the stream until the 32-bit value in memory compares with {@code value}. */
    public void waitValue32(DeviceMemory memory, long offset, Compare compare, int value) {
        packets.waitValue(ranges.value(memory, offset, Integer.BYTES), compare.code(), value & 0xffff_ffffL);
    }

    /** Holds the stream until the 64-bit value in memory compares with {@code value}. */
    public void waitValue64(DeviceMemory memory, long offset, Compare compare, long value) {
        packets.waitValue(ranges.value(memory, offset, Long.BYTES), compare.code() | WaitValuePacket.FLAG_64_BIT, value);
    }

    /** Stores a 32-bit value. */
    public void writeValue32(DeviceMemory memory, long offset, int value) {
        packets.writeValue(ranges.value(memory, offset, Integer.BYTES), 0, value & 0xffff_ffffL);
    }

    /** Stores a 64-bit value. */
    public void writeValue64(DeviceMemory memory, long offset, long value) {
        packets.writeValue(ranges.value(memory, offset, Long.BYTES), WriteValuePacket.FLAG_64_BIT, value);
    }

    /**
     * Submits operations on values in memory in their order, all of them or none: everything is checked first.
     *
     * @throws PpuException INVALID_VALUE (1) for none of them, or more than 255, or one that does not fit
     */
    public void batchMemoryOperations(List<StreamMemoryOperation> operations) {
        if (operations.isEmpty() || operations.size() > MAX_BATCH) {
            throw link.invalid(toString(), "a batch of " + operations.size() + " operations", "give 1 to " + MAX_BATCH);
        }
        for (StreamMemoryOperation operation : operations) {
            int bytes = switch (operation) {
                case StreamMemoryOperation.WaitValue32 w -> Integer.BYTES;
                case StreamMemoryOperation.WriteValue32 w -> Integer.BYTES;
                case StreamMemoryOperation.WaitValue64 w -> Long.BYTES;
                case StreamMemoryOperation.WriteValue64 w -> Long.BYTES;
            };
            ranges.value(operation.memory(), operation.offset(), bytes);
        }
        for (StreamMemoryOperation operation : operations) {
            switch (operation) {
                case StreamMemoryOperation.WaitValue32 w -> waitValue32(w.memory(), w.offset(), w.compare(), w.value());
                case StreamMemoryOperation.WaitValue64 w -> waitValue64(w.memory(), w.offset(), w.compare(), w.value());
                case StreamMemoryOperation.WriteValue32 w -> writeValue32(w.memory(), w.offset(), w.value());
                case StreamMemoryOperation.WriteValue64 w -> writeValue64(w.memory(), w.offset(), w.value());
            }
        }
    }

    // ---------------------------------------------------------------- 2D

    /**
     * Copies {@code height} rows of {@code width} bytes between device and pinned memory.
     *
     * @throws PpuException INVALID_VALUE (1) if a pitch is less than the width, or a rectangle is not inside its memory
     */
    public void copy2D(Pitched destination, Pitched source, long width, long height) {
        requireOpen();
        rectangles.copy(destination, source, width, height);
    }

    /** As {@link #copy2D}, from ordinary host memory; returns when the source was read. */
    public void copy2DToDevice(Pitched destination, MemorySegment source, long sourcePitch, long width, long height) {
        requireOpen();
        rectangles.toDevice(destination, source, sourcePitch, width, height);
    }

    /** As {@link #copy2D}, to ordinary host memory; returns when the bytes are there. */
    public void copy2DToHost(MemorySegment destination, long destinationPitch, Pitched source, long width, long height) {
        requireOpen();
        rectangles.toHost(destination, destinationPitch, source, width, height);
    }

    /** Sets {@code height} rows of {@code width} bytes. */
    public void fill2D8(Pitched destination, byte value, long width, long height) {
        requireOpen();
        rectangles.fill(destination, Byte.BYTES, value, width, height);
    }

    /** Sets {@code height} rows of {@code width} 16-bit values; offset and pitch are multiples of 2. */
    public void fill2D16(Pitched destination, short value, long width, long height) {
        requireOpen();
        rectangles.fill(destination, Short.BYTES, value, width, height);
    }

    /** Sets {@code height} rows of {@code width} 32-bit values; offset and pitch are multiples of 4. */
    public void fill2D32(Pitched destination, int value, long width, long height) {
        requireOpen();
        rectangles.fill(destination, Integer.BYTES, value, width, height);
    }

    /** Stores the device time in nanoseconds (64 bits, 8-byte aligned). */
    public void timestamp(DeviceMemory memory, long offset) {
        packets.timestamp(ranges.value(memory, offset, Long.BYTES));
    }

    /**
     * Has a thread of the link's call {@code function} when everything submitted so far has completed; what is submitted afterwards waits until it has returned. Functions of
     * one context run one at a time; one that takes long holds up nothing of other contexts. It may not call the API: every call fails with NOT_PERMITTED (800). It is not called when the context is in error by then.
     *
     * @return completes when the function has returned, exceptionally with what it threw (also logged; the stream goes on), or with what lost the context
     */
    public CompletableFuture<Void> launchHostFunction(Runnable function) {
        requireOpen();
        return hostFunctions.launch(Objects.requireNonNull(function));
    }

    /** Holds the stream while a function of the driver's own runs, in its turn in {@code order}. */
    CompletableFuture<Void> holdFor(Runnable function, CallbackThreads.Order order) {
        return hostFunctions.launch(function, order);
    }

    /**
     * Copies between memory of any two contexts, of one device or of two, in the order of this stream. Devices that no link joins copy through the host's memory.
     *
     * @return completes when the bytes are there, exceptionally if either context is lost; what follows in this stream goes on then too
     */
    public CompletableFuture<Void> copyPeer(DeviceMemory destination, long destinationOffset, DeviceMemory source, long sourceOffset,
            long bytes) {
        requireOpen();
        context.requireCopyable(destination, destinationOffset, source, sourceOffset, bytes);
        if (destination.context() == context && source.context() == context) {
            copy(destination, destinationOffset, source, sourceOffset, bytes);
            return done();
        }
        return new PeerCopy(destination, destinationOffset, source, sourceOffset, bytes).in(this);
    }

    /** Allocates memory of the context's current pool ({@link Context#memoryPool}) from this point of the stream on. */
    public PooledBuffer allocateAsync(long bytes) {
        requireOpen();
        return context.memoryPool().allocate(this, bytes);
    }

    /**
     * Allocates memory of a pool of the stream's context, from this point of the stream on.
     *
     * @throws PpuException INVALID_VALUE (1) for another context's pool, OUT_OF_MEMORY (2) if the device has none left
     */
    public PooledBuffer allocateAsync(long bytes, MemoryPool pool) {
        requireOpen();
        if (pool.context() != context) {
            throw link.invalid(toString(), pool + " belongs to another context", "use a pool of context " + context.id());
        }
        return pool.allocate(this, bytes);
    }

    /** Frees memory of a pool at this point of the stream: work submitted before may use it. Throws INVALID_VALUE (1) if it was freed already. */
    public void freeAsync(PooledBuffer buffer) {
        requireOpen();
        if (buffer.context() != context) {
            throw link.invalid(toString(), buffer + " belongs to another context",
                    "free it in a stream of context " + buffer.context().id());
        }
        buffer.freeIn(this);
    }

    /** Holds the stream until the count at this address is {@code value} or more. */
    void holdUntil(long address, long value) {
        packets.waitValue(address, WaitValuePacket.COMPARE_GREATER_OR_EQUAL | WaitValuePacket.FLAG_64_BIT, value);
    }

    /**
     * Sets the event behind the work submitted so far. Only an event that times puts a packet into the queue.
     *
     * @throws PpuException INVALID_HANDLE if the event is another context's
     */
    public void record(Event event) {
        event.requireOpen();
        requireOwn(event.context(), event);
        requireOpen();
        event.record(freesBefore(), this::point, packets::timestamp);
    }

    /**
     * Holds this stream until the event's last recording, as it is now, has been reached; does not hold the host. The event may be of any context of any device; if the work that
     * it stands for is lost, the stream goes on.
     *
     * @throws PpuException NOT_SUPPORTED (801) if both devices have simulated clocks of their own and the event has not been reached
     */
    public void waitFor(Event event) {
        event.requireOpen();
        Event.Recording recording = event.recording();
        if (recording == null) {
            requireOpen();
            return;
        }
        if (recording.mark().reached()) {
            requireOpen();
        } else if (event.context() == context) {
            packets.waitFor(recording.mark());
        } else {
            requireCommonClock(event);
            SignalSlot slot = context.foreignWaits().watch(recording.mark(), event.context().watcher());
            packets.waitValue(slot.address(), WaitValuePacket.COMPARE_GREATER_OR_EQUAL | WaitValuePacket.FLAG_64_BIT, ForeignWaits.ENDED);
            context.signals().giveAfter(slot, timeline.mark());
        }
        if (event.context() == context) {
            comesBehind(recording.frees());
        }
    }

    /** What is submitted from now on comes behind these frees. */
    private void comesBehind(FreesBefore frees) {
        if (frees != FreesBefore.NONE) {
            freesBefore.accumulateAndGet(frees, FreesBefore::and);
        }
    }

    /** Frees of pooled memory that come before what is submitted from now on. */
    FreesBefore freesBefore() {
        return Objects.requireNonNull(freesBefore.get());
    }

    /** Pooled memory is freed behind what was submitted so far; returns the number of the free. */
    long noteFree() {
        long free = frees.incrementAndGet();
        freesBefore.updateAndGet(before -> before.with(number, free));
        return free;
    }

    /** Of two simulated clocks the one stands still while somebody waits by the other: such a wait might never end. */
    private void requireCommonClock(Event event) {
        LinkRuntime other = event.context().link().runtime();
        if (other != link.runtime() && other.simulated() && link.runtime().simulated()) {
            throw new PpuException(Failure.of(HgResult.NOT_SUPPORTED, link.device(), toString(),
                    "it cannot wait for %s of a device with a simulated clock of its own".formatted(event),
                    "wait for the event in the program first, or use devices in real time"));
        }
    }

    /** Holds this stream until everything submitted so far to another stream of the context has completed. */
    void waitFor(Stream other) {
        FreesBefore before = other.freesBefore(); // before its mark: none is behind that
        packets.waitFor(other.timeline.mark());
        comesBehind(before);
    }

    /** Has it share no hardware queue with another stream of its context, if there is one to spare; returns whether it does not. */
    boolean runsApartFrom(Stream other) {
        return context.channels().separate(timeline, other.timeline);
    }

    /** What was submitted so far. */
    Mark mark() {
        return timeline.mark();
    }

    /** The point of the stream where something new begins: behind what was submitted so far, and behind what the default streams put before that. */
    Mark point() {
        link.requireAlive();
        packets.prepare();
        return timeline.mark();
    }

    /** Holds this stream until a point of a channel of this context. */
    void waitFor(Mark mark) {
        packets.waitFor(mark);
    }

    /**
     * Puts off the doorbell: what is submitted to this stream until the batch is closed is announced to the device at once then, or when somebody waits for it, or when the ring is
     * full. The device may begin earlier. Batches nest; each costs one small object.
     *
     * <pre>{@code
     * try (Stream.Batch batch = stream.batch()) {
     *     stream.fill32(a, 0, 1, 1024);
     *     stream.fill32(b, 0, 2, 1024);
     * }
     * }</pre>
     */
    public Batch batch() {
        requireOpen();
        packets.beginBatch();
        return new Batch();
    }

    /** See {@link #batch}. */
    public final class Batch implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();

        private Batch() {}

        /** Rings the doorbell, if this was the outermost batch. Idempotent. */
        @Override
        public void close() {
            HostFunctionScope.refuseCalls();
            if (ended.compareAndSet(false, true)) {
                packets.endBatch();
            }
        }
    }

    /** Waits until everything submitted so far has completed. */
    public void synchronize() {
        synchronize(LinkRuntime.NEVER);
    }

    /** As {@link #synchronize()}, at most that long (stretched for slow devices); then {@link PpuTimeoutException}. */
    public void synchronize(Duration timeout) {
        synchronize(link.runtime().deadline(Nanos.of(timeout)));
    }

    private void synchronize(long deadlineNanos) {
        requireOpen();
        context.defaultStreams().settle(this, deadlineNanos);
        await(deadlineNanos);
        link.requireAlive();
        context.waited();
    }

    /** Waits for its own work. */
    void await(long deadlineNanos) {
        timeline.await(deadlineNanos);
    }

    /** SUCCESS (0) if everything submitted so far has completed, NOT_READY (600) if not; throws if it failed. */
    public HgResult query() {
        return idle() ? HgResult.SUCCESS : HgResult.NOT_READY;
    }

    /** Rings for what a batch has put off: somebody polls for it. */
    void announce() {
        packets.announce();
    }

    /** Whether work submitted so far may complete still. */
    boolean unfinished() {
        return !timeline.reached() && !timeline.stopped();
    }

    /** Whether everything submitted so far has completed; throws if it failed. Allocates nothing. */
    public boolean idle() {
        requireOpen();
        if (timeline.done()) {
            return context.defaultStreams().settled(this);
        }
        if (timeline.stopped()) {
            throw timeline.stopReason();
        }
        packets.announce();
        return false;
    }

    /**
     * Completes when everything submitted so far has completed, or fails with what stopped it. Its {@code get} and {@code join}, and those of
     * the stages that are made from it, wait through the link's runtime; {@link CompletableFuture#allOf} makes a future that does not: under a simulated clock combine them
     * by {@code thenCombine}.
     *
     * <p>Dependent stages run on a thread of the link's, those of one context one after the other: one that takes long holds up those of its own context, and no other's. They may not wait for
     * a device: a stage may submit, poll, and ask for more of these futures; what would have to wait there (a {@code join} of what is not done, {@code synchronize}, a submission to a full ring, closing what work in flight may
     * use) throws NOT_PERMITTED (800) at once. Hand such things to another thread.
     */
    public CompletableFuture<Void> done() {
        requireOpen();
        link.requireAlive();
        return completion(handle == LEGACY_HANDLE ? point() : timeline.mark());
    }

    private CompletableFuture<Void> completion(Mark mark) {
        StreamFuture work = new StreamFuture(link.runtime(), mark, context.stages());
        context.watcher().watch(work);
        return work.future();
    }

    /** Waits for what was submitted so far, quietly: until the deadline, or until nothing more will complete. */
    void drain(long deadlineNanos) {
        Lane lane = timeline.lane();
        new Drain(link.runtime(), deadlineNanos).await(lane.queue(), lane.last());
    }

    /** Its context is being destroyed. */
    void abandon() {
        closed.set(true);
    }

    /**
     * Waits for the work submitted so far, at most {@link PpuOptions#drainTimeout}. The last stream of a hardware queue gives it back; work that is still in flight
     * then is abandoned, and its context with it. Idempotent.
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
        if (!closed.get() && unfinished()) {
            StageScope.refuseWait(link.device(), this);
        }
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        drain(context.drainDeadline());
        waiting.uninterrupted(() -> context.channels().close(timeline));
        if (!context.closed()) {
            hostFunctions.close(timeline.mark());
        }
        context.forget(this);
    }

    boolean closed() {
        return closed.get();
    }

    void requireOpen() {
        HostFunctionScope.refuseCalls();
        if (closed.get()) {
            link.requireAlive();
            throw link.closed(toString());
        }
    }

    private void requireOwn(Context other, Object object) {
        if (other != context) {
            throw new PpuException(Failure.of(HgResult.INVALID_HANDLE, link.device(), toString(), object + " belongs to another context",
                    "use an object of context " + context.id()));
        }
    }

    @Override
    public String toString() {
        String kind = handle == LEGACY_HANDLE
                ? "legacy default stream"
                : handle == PER_THREAD_HANDLE ? "per-thread default stream" : "stream " + number;
        return kind + " of context " + context.id() + " on queue " + queue();
    }
}
