package dev.openppu.driver;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.client.Arguments;
import dev.openppu.driver.client.CallbackThreads;
import dev.openppu.driver.client.Channel;
import dev.openppu.driver.client.Channels;
import dev.openppu.driver.client.CodeImage;
import dev.openppu.driver.client.CommandQueue;
import dev.openppu.driver.client.CompletionWatcher;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.client.Drain;
import dev.openppu.driver.client.ForeignWaits;
import dev.openppu.driver.client.SignalPool;
import dev.openppu.driver.client.StageScope;
import dev.openppu.driver.client.Timeline;
import dev.openppu.driver.owner.OwnerService;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;
import dev.openppu.hal.LinkRuntime;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An address space of its own on a device, and everything in it. If work in it fails the context is lost; other contexts never notice.
 *
 * <p><b>Current contexts.</b> Every thread, platform or virtual, has a stack of its own; the top is its current context. Making a context pushes it, with a use count of 1.
 * {@link #makeCurrent} replaces the top, {@link #push} and {@link #pop} do what they say, and one context may be current to any number of threads. {@link #close}
 * destroys it whoever has it current: it is popped from the calling thread's stack; on the stacks of others it stays, and using it is
 * CONTEXT_IS_DESTROYED (709). A thread without a current context gets INVALID_CONTEXT (201) from {@link #requireCurrent}.
 *
 * <p><b>Threads.</b> Every method may be called from any thread at any time, also while another thread closes the context, which then gets 709. The methods of an
 * object never ask which context is current: the object knows its own.
 *
 * <p>The {@code copy} and {@code fill} methods here run on the legacy default stream and wait as the published synchronous calls do; those of {@link Stream} wait only where
 * their Javadoc says so.
 */
public final class Context implements AutoCloseable {
    private final Ppu ppu;
    private final int number;
    private final ContextLink link;
    private final SignalPool signals;
    private final CompletionWatcher watcher;
    private final CallbackThreads.Order stages;
    private final CallbackThreads.Order hostFunctions;
    private final long drainNanos;
    private final Channels channels;
    private final ForeignWaits foreignWaits;
    private final Arguments arguments;
    private final AtomicInteger numbers = new AtomicInteger();
    /** By their numbers: what goes through all of them does so in one order, under any clock. */
    private final Map<Integer, Stream> streams = new ConcurrentSkipListMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ContextLimits limits;
    private final Optional<PrimaryContext> primary;
    private final AtomicInteger uses = new AtomicInteger(1);
    private volatile ContextOptions options;
    private final AtomicLong nextHandle = new AtomicLong(Stream.PER_THREAD_HANDLE + 1);
    private final DefaultStreams defaultStreams;
    private final ContextMemory memory;
    private final MemoryPools pools;

    Context(Ppu ppu, int number, ContextLink link, CompletionWatcher watcher, long drainNanos, int maxConnections, ContextOptions options,
            Optional<PrimaryContext> primary) {
        this.options = options;
        this.primary = primary;
        this.limits = new ContextLimits(link);
        this.ppu = ppu;
        this.number = number;
        this.link = link;
        this.signals = new SignalPool(link);
        this.channels = new Channels(link, signals, ppu.queueSharing(), maxConnections);
        this.foreignWaits = new ForeignWaits(link, signals);
        this.arguments = new Arguments(link);
        this.watcher = watcher;
        this.stages = ppu.stages().order();
        this.hostFunctions = ppu.hostFunctions().order();
        this.drainNanos = drainNanos;
        this.memory = new ContextMemory(this, ppu);
        this.pools = new MemoryPools(this);
        this.defaultStreams = new DefaultStreams(this, streams.values());
    }

    // ---------------------------------------------------------------- current to a thread

    /** The calling thread's current context, even if it was destroyed meanwhile; empty if it has none. */
    public static Optional<Context> current() {
        HostFunctionScope.refuseCalls();
        return CurrentContexts.top();
    }

    /**
     * The calling thread's current context, usable.
     *
     * @throws PpuException INVALID_CONTEXT (201) if there is none, CONTEXT_IS_DESTROYED (709) if it was destroyed, what it was lost by if it is lost
     */
    public static Context requireCurrent() {
        Context context = current().orElseThrow(() -> CurrentContexts.none("the call needs one"));
        context.link.requireAlive();
        return context;
    }

    /** Takes the calling thread's current context from its stack; the one below becomes current. Throws INVALID_CONTEXT (201) if there is none. */
    public static Context pop() {
        HostFunctionScope.refuseCalls();
        return CurrentContexts.pop();
    }

    /** As making no context current: the top of the calling thread's stack goes, if there is one. */
    public static void clearCurrent() {
        HostFunctionScope.refuseCalls();
        CurrentContexts.dropTop();
    }

    /** Makes this context current to the calling thread in place of its current one, if it has one. Throws CONTEXT_IS_DESTROYED (709) if it was destroyed. */
    public void makeCurrent() {
        requireNotDestroyed();
        CurrentContexts.replaceTop(this);
    }

    /** Makes this context current to the calling thread on top of its current one. Closing the scope, on the same thread, pops it. */
    public Scope push() {
        requireNotDestroyed();
        CurrentContexts.push(this);
        return new Scope();
    }

    /** A {@link #push} that ends with a block. */
    public final class Scope implements AutoCloseable {
        private final Thread thread = Thread.currentThread();
        private boolean closed;

        private Scope() {}

        /** Pops the context if it is on top of the stack still; idempotent. Throws NOT_PERMITTED (800) on another thread than that which pushed. */
        @Override
        public void close() {
            if (Thread.currentThread() != thread) {
                throw new PpuException(Failure.of(HgResult.NOT_PERMITTED, link.device(), Context.this.toString(),
                        "it was pushed by another thread: " + thread.getName(), "close the scope where it was opened"));
            }
            if (!closed) {
                closed = true;
                CurrentContexts.popIfTop(Context.this);
            }
        }
    }

    // ---------------------------------------------------------------- life

    /** Counts one more user. Throws CONTEXT_IS_DESTROYED (709) if it was destroyed, INVALID_CONTEXT (201) for a primary context, which is retained instead. */
    public void attach() {
        requireNotDestroyed();
        requireNotPrimary("retain it by PrimaryContext.retain");
        uses.incrementAndGet();
    }

    /** Counts one user less; the last one destroys the context. Throws as {@link #attach}. */
    public void detach() {
        requireNotDestroyed();
        requireNotPrimary("release it by PrimaryContext.release");
        if (uses.decrementAndGet() == 0) {
            destroy();
        }
    }

    /** Users by {@link #attach} and {@link #detach}: 1 after creation, 0 once it was destroyed. */
    public int useCount() {
        return closed.get() ? 0 : uses.get();
    }

    /** Whether it is its device's {@link PrimaryContext}. */
    public boolean primary() {
        return primary.isPresent();
    }

    /** Whether it was destroyed: by {@link #close}, {@link #detach}, the primary context's release or reset, or with its device. */
    public boolean closed() {
        return closed.get();
    }

    void requireUsable() {
        HostFunctionScope.refuseCalls();
        link.requireAlive();
    }

    private void requireNotDestroyed() {
        HostFunctionScope.refuseCalls();
        if (closed.get()) {
            throw link.failure();
        }
    }

    private void requireNotPrimary(String remedy) {
        if (primary.isPresent()) {
            throw new PpuException(Failure.of(HgResult.INVALID_CONTEXT, link.device(), toString(), "it is the primary context", remedy));
        }
    }

    // ---------------------------------------------------------------- settings

    /** What it was made with. */
    public ContextOptions options() {
        return options;
    }

    /** How its threads wait, {@link SchedulingPolicy#AUTO} resolved for the contexts and processors that there are now. */
    public SchedulingPolicy scheduling() {
        return options.scheduling().resolved(ppu.contexts(), ppu.processors());
    }

    /** Changes scheduling and SYNC_MEMOPS for what is submitted from now on. */
    public void setOptions(ContextOptions newOptions) {
        requireUsable();
        ppu.requireSupported(newOptions);
        options = newOptions;
    }

    /** Throws UNSUPPORTED_LIMIT (215) if the device has no such limit. */
    public long limit(ContextLimit limit) {
        requireUsable();
        return limits.get(limit);
    }

    /**
     * Sets a limit for work submitted afterwards; a value outside the limit's bounds or between its steps is clamped and rounded up, {@link #limit} tells to what.
     *
     * @throws PpuException UNSUPPORTED_LIMIT (215) if the device has no such limit, INVALID_VALUE (1) for a negative value
     */
    public void setLimit(ContextLimit limit, long value) {
        requireUsable();
        limits.set(limit, value);
    }

    public Ppu ppu() {
        return ppu;
    }

    /** Number of the address space in the device. */
    public int id() {
        return number;
    }

    /**
     * Allocates device memory.
     *
     * @param bytes 1 or more
     * @throws OutOfDeviceMemoryException saying what is free
     */
    public DeviceBuffer allocate(long bytes) {
        return memory.allocate(bytes);
    }

    /**
     * Allocates host memory that the device reaches.
     *
     * @param bytes 1 or more
     */
    public PinnedBuffer allocatePinned(long bytes) {
        return allocatePinned(bytes, Set.of());
    }

    /** As {@link #allocatePinned(long)}, with flags; {@link HostMemoryFlag#READ_ONLY} and {@link HostMemoryFlag#IOMEMORY} are for registered memory only: INVALID_VALUE (1). */
    public PinnedBuffer allocatePinned(long bytes, Set<HostMemoryFlag> flags) {
        return memory.allocatePinned(bytes, flags);
    }

    /**
     * Registers the application's memory for the device: whole pages, native, of an arena that any thread may use and that stays open until the registration is closed.
     *
     * @throws PpuException HOST_MEMORY_ALREADY_REGISTERED (712) if any of it is registered with this device, INVALID_VALUE (1) for heap, read-only, unaligned, closed or
     *         confined memory, NOT_SUPPORTED (801) for {@link HostMemoryFlag#IOMEMORY}
     */
    public RegisteredBuffer registerHost(MemorySegment segment, Set<HostMemoryFlag> flags) {
        requireUsable();
        return memory.register(segment, flags);
    }

    /** Closes the registration of the memory that begins where {@code segment} does. Throws HOST_MEMORY_NOT_REGISTERED (713) if there is none. */
    public void unregisterHost(MemorySegment segment) {
        requireUsable();
        ppu.registrations().find(link, segment).close();
    }

    /**
     * Allocates device memory for {@code height} rows of {@code width} bytes; each begins at a multiple of {@link PitchedBuffer#ALIGNMENT}.
     *
     * @param elementBytes 4, 8 or 16: the widest access that a kernel will make to it
     */
    public PitchedBuffer allocatePitched(long width, long height, int elementBytes) {
        return memory.allocatePitched(width, height, elementBytes);
    }

    /**
     * What a virtual address of this context belongs to.
     *
     * @throws PpuException INVALID_VALUE (1) if it is in no allocation
     */
    public PointerAttributes pointer(long address) {
        requireUsable();
        return memory.pointer(address);
    }

    /** Whether its engines can reach the memory, or {@link #resolve} says why not: everything but another context's device memory. */
    boolean reaches(DeviceMemory other) {
        return memory.reaches(other);
    }

    /** The memory as this context reaches it. */
    DeviceMemory resolve(DeviceMemory other) {
        return memory.resolve(other);
    }

    /** Uploads code. */
    public PpuModule loadModule(CodeObject code) {
        requireUsable();
        return new PpuModule(this, code.source(), code, CodeImage.load(link, code));
    }

    /**
     * Assembles TIX text and uploads it.
     *
     * @param name for messages, for example the file's
     * @throws TixException with every mistake in the text and its place
     */
    public PpuModule loadModule(String name, String tix) throws TixException {
        return loadModule(TixAssembler.assemble(Objects.requireNonNull(name), tix));
    }

    public Stream createStream() {
        return createStream(StreamOptions.defaults());
    }

    /**
     * A stream: cheap, there may be any number of them. It has no hardware queue of its own but shares the context's.
     *
     * @throws PpuException LAUNCH_OUT_OF_RESOURCES if the context has no hardware queue yet and none is free, naming who holds them
     */
    public Stream createStream(StreamOptions streamOptions) {
        return newStream(streamOptions, nextHandle.getAndIncrement());
    }

    Stream newStream(StreamOptions streamOptions, long handle) {
        requireUsable();
        Timeline timeline = channels.open(streamOptions.level(), streamOptions.log2Packets());
        Stream stream = new Stream(this, numbers.getAndIncrement(), timeline, streamOptions, handle);
        streams.put(stream.id(), stream);
        if (closed.get()) {
            stream.abandon();
        }
        return stream;
    }

    /**
     * The legacy default stream (handle 0x1): a barrier. What is submitted to it waits for everything submitted before to the context's blocking streams, and they wait for it.
     * Made on first use; lives as long as the context.
     */
    public Stream defaultStream() {
        requireUsable();
        return defaultStreams.legacy();
    }

    /** The calling thread's own default stream (handle 0x2): a blocking stream. Made on the thread's first use; lives as long as the context. */
    public Stream perThreadDefaultStream() {
        requireUsable();
        return defaultStreams.perThread();
    }

    /**
     * The stream that a handle names: 0 and 0x1 the legacy default stream, 0x2 the calling thread's, others the stream with this {@link Stream#handle}.
     *
     * @throws PpuException INVALID_HANDLE (400) if there is none
     */
    public Stream stream(long handle) {
        requireUsable();
        if (handle == 0 || handle == Stream.LEGACY_HANDLE) {
            return defaultStream();
        }
        if (handle == Stream.PER_THREAD_HANDLE) {
            return perThreadDefaultStream();
        }
        return streams.values().stream().filter(s -> s.handle() == handle).findFirst().orElseThrow(() -> new PpuException(
                Failure.of(HgResult.INVALID_HANDLE, link.device(), toString(), "no stream has the handle 0x" + Long.toHexString(handle),
                        "use the handle of an open one")));
    }

    /** The priorities that streams of this device can have. */
    public PriorityRange streamPriorityRange() {
        requireUsable();
        return PriorityRange.DEVICE;
    }

    /** As {@link #createEvent(EventFlag...)} without flags: it times. */
    public Event createEvent() {
        return createEvent(new EventFlag[0]);
    }

    /** @throws PpuException INVALID_VALUE for INTERPROCESS without DISABLE_TIMING, NOT_SUPPORTED for INTERPROCESS */
    public Event createEvent(EventFlag... flags) {
        requireUsable();
        Set<EventFlag> set = EnumSet.noneOf(EventFlag.class);
        Collections.addAll(set, flags);
        if (set.contains(EventFlag.INTERPROCESS)) {
            if (!set.contains(EventFlag.DISABLE_TIMING)) {
                throw link.invalid("event", "INTERPROCESS without DISABLE_TIMING", "give both");
            }
            throw new PpuException(
                    Failure.of(HgResult.NOT_SUPPORTED, link.device(), "event", "events of several processes are not supported yet",
                            "leave INTERPROCESS out"));
        }
        return new Event(this, numbers.getAndIncrement(), Collections.unmodifiableSet(set));
    }

    // ---------------------------------------------------------------- copies and fills on the legacy default stream

    /** Copies ordinary host memory, of any size and alignment. Returns when the source was read whole, into staging memory: the device's part may be under way still. */
    public void copyToDevice(DeviceMemory destination, long offset, MemorySegment source) {
        Stream stream = defaultStream();
        stream.copyToDevice(destination, offset, source);
        finish(stream, destination.kind() != MemoryKind.DEVICE);
    }

    /** Copies to ordinary host memory, of any size and alignment. Returns when the bytes are there. */
    public void copyToHost(MemorySegment destination, DeviceMemory source, long offset) {
        defaultStream().copyToHost(destination, source, offset);
    }

    /** Copies. Between two places in device memory the host does not wait; where host memory takes part it waits until the copy is complete. */
    public void copy(DeviceMemory destination, long destinationOffset, DeviceMemory source, long sourceOffset, long bytes) {
        Stream stream = defaultStream();
        stream.copy(destination, destinationOffset, source, sourceOffset, bytes);
        finish(stream, destination.kind() != MemoryKind.DEVICE || source.kind() != MemoryKind.DEVICE);
    }

    /** Sets {@code elements} bytes. The host does not wait, unless the memory is the host's. */
    public void fill8(DeviceMemory destination, long offset, byte value, long elements) {
        Stream stream = defaultStream();
        stream.fill8(destination, offset, value, elements);
        finish(stream, destination.kind() != MemoryKind.DEVICE);
    }

    /** As {@link #fill8}, for 16-bit values; the address must be a multiple of 2. */
    public void fill16(DeviceMemory destination, long offset, short value, long elements) {
        Stream stream = defaultStream();
        stream.fill16(destination, offset, value, elements);
        finish(stream, destination.kind() != MemoryKind.DEVICE);
    }

    /** As {@link #fill8}, for 32-bit values; the address must be a multiple of 4. */
    public void fill32(DeviceMemory destination, long offset, int value, long elements) {
        Stream stream = defaultStream();
        stream.fill32(destination, offset, value, elements);
        finish(stream, destination.kind() != MemoryKind.DEVICE);
    }

    private void finish(Stream stream, boolean wait) {
        if (wait || options.flags().contains(ContextFlag.SYNC_MEMOPS)) {
            stream.synchronize();
        }
    }

    /** Waits for everything submitted to all streams so far. */
    public void synchronize() {
        requireUsable();
        channels.all().forEach(channel -> channel.everything().await(LinkRuntime.NEVER));
        waited();
    }

    // ---------------------------------------------------------------- peers

    /**
     * Lets kernels of this context reach memory of {@code peer}. One direction; flags are 0.
     *
     * @throws PpuException INVALID_CONTEXT (201) for this context itself, CONTEXT_IS_DESTROYED (709) for a destroyed one, INVALID_VALUE (1) for flags,
     *         PEER_ACCESS_UNSUPPORTED (217) if no link joins the devices: {@link Ppu#canAccessPeer} tells
     */
    public void enablePeerAccess(Context peer, int flags) {
        requirePeer(peer);
        if (flags != 0) {
            throw link.invalid(toString(), "peer access with flags 0x%x".formatted(flags), "give 0");
        }
        throw new PpuException(Failure.of(HgResult.PEER_ACCESS_UNSUPPORTED, link.device(), toString(),
                "no link joins it to " + peer, "copy by copyPeer, which goes through the host"));
    }

    /** Ends what {@link #enablePeerAccess} began. Throws PEER_ACCESS_NOT_ENABLED (705) if it was not enabled, else as {@link #enablePeerAccess}. */
    public void disablePeerAccess(Context peer) {
        requirePeer(peer);
        throw new PpuException(Failure.of(HgResult.PEER_ACCESS_NOT_ENABLED, link.device(), toString(), "it has no access to " + peer,
                "enable it first"));
    }

    private void requirePeer(Context peer) {
        requireUsable();
        peer.link.requireAlive();
        if (peer == this) {
            throw new PpuException(Failure.of(HgResult.INVALID_CONTEXT, link.device(), toString(), "it is no peer of itself",
                    "give another context"));
        }
    }

    /**
     * Copies between memory of two contexts, of one device or of two, in the order of the legacy default streams of both. The host does not wait.
     *
     * @return completes when the bytes are there, exceptionally if either context is lost
     */
    public static CompletableFuture<Void> copyPeer(DeviceMemory destination, long destinationOffset, DeviceMemory source, long sourceOffset,
            long bytes) {
        HostFunctionScope.refuseCalls();
        destination.context().requireCopyable(destination, destinationOffset, source, sourceOffset, bytes);
        if (destination.context() == source.context()) {
            return destination.context().defaultStream().copyPeer(destination, destinationOffset, source, sourceOffset, bytes);
        }
        return new PeerCopy(destination, destinationOffset, source, sourceOffset, bytes).inBoth();
    }

    void requireCopyable(DeviceMemory destination, long destinationOffset, DeviceMemory source, long sourceOffset, long bytes) {
        for (DeviceMemory end : List.of(destination, source)) {
            end.context().requireUsable();
            end.requireOpen();
        }
        Ranges ranges = new Ranges(this, this);
        ranges.requireInside(destination, destinationOffset, bytes);
        ranges.requireInside(source, sourceOffset, bytes);
        if (destination.context() == source.context() && bytes > 0) {
            ranges.requireApart(destination.address() + destinationOffset, source.address() + sourceOffset, bytes);
        }
    }

    /** The stream by which peer copies carry bytes, beside all others: of the highest priority, so that it shares no hardware queue with them. */
    Stream carrier() {
        requireUsable();
        return defaultStreams.carrier();
    }

    // ---------------------------------------------------------------- memory pools

    /** The pool that {@link Stream#allocateAsync(long)} takes from: the default one, or what {@link #setMemoryPool} said. */
    public MemoryPool memoryPool() {
        requireUsable();
        return pools.current();
    }

    /** Throws INVALID_VALUE (1) for another context's pool, INVALID_HANDLE (400) for a closed one. */
    public void setMemoryPool(MemoryPool pool) {
        requireUsable();
        pools.setCurrent(pool);
    }

    /** The pool that is there from the start. */
    public MemoryPool defaultMemoryPool() {
        requireUsable();
        return pools.byDefault();
    }

    public MemoryPool createMemoryPool() {
        requireUsable();
        return pools.create();
    }

    /** Somebody waited for work of this context. */
    void waited() {
        pools.waited();
    }

    /** Work failed, or the device is gone: only closing is left. */
    public boolean lost() {
        return !closed.get() && !link.alive();
    }

    /** Why the context is lost, as every call on it throws it. */
    public Optional<PpuException> failure() {
        return lost() ? Optional.of(link.failure()) : Optional.empty();
    }

    /** What it holds right now; of a closed context, nothing. */
    public ContextInventory inventory() {
        OwnerService.Holdings held = link.owner().holdings(link.context());
        return new ContextInventory(held.queues(), held.allocations(), held.bytes(), closed.get() ? 0 : signals.taken());
    }

    DefaultStreams defaultStreams() {
        return defaultStreams;
    }

    ContextLink link() {
        return link;
    }

    SignalPool signals() {
        return signals;
    }

    Channels channels() {
        return channels;
    }

    ForeignWaits foreignWaits() {
        return foreignWaits;
    }

    Arguments arguments() {
        return arguments;
    }

    CompletionWatcher watcher() {
        return watcher;
    }

    /** What the application does when work of this context has ended. */
    CallbackThreads.Order stages() {
        return stages;
    }

    /** What the application does in the order of this context's streams. */
    CallbackThreads.Order hostFunctions() {
        return hostFunctions;
    }

    long drainDeadline() {
        return link.runtime().deadline(drainNanos);
    }

    void forget(Stream stream) {
        streams.remove(stream.id());
    }

    /** Frees memory that no work in flight uses: waits for what was submitted so far. */
    void free(long address) {
        memory.free(address);
    }

    /** What drains before it closes asks this first: in a stage nobody waits for work in flight. */
    void requireNoWait(Object closing) {
        if (StageScope.active() && link.alive()
                && channels.all().stream().anyMatch(channel -> !channel.queue().idle() && !channel.queue().stopped())) {
            StageScope.refuseWait(link.device(), closing);
        }
    }

    void drainAll() {
        Drain drain = new Drain(link.runtime(), drainDeadline());
        for (Channel channel : channels.all()) {
            CommandQueue queue = channel.queue();
            drain.await(queue, queue.submitted());
        }
    }

    /**
     * Destroys the context whatever its use count: abandons work that has not completed (synchronize first to keep it), ends all waits, takes everything of the
     * context back, and pops it if it is the calling thread's current one. Idempotent.
     *
     * @throws PpuException INVALID_CONTEXT (201) for a primary context: that is for {@link PrimaryContext#release} and {@link PrimaryContext#reset}
     */
    @Override
    public void close() {
        HostFunctionScope.refuseCalls();
        if (!closed.get()) {
            requireNotPrimary("release it by PrimaryContext.release");
        }
        destroy();
        if (primary.isEmpty()) {
            CurrentContexts.popIfTop(this); // once, as published: who pushed it below will pop it
        }
    }

    void destroy() {
        if (closed.compareAndSet(false, true)) {
            link.close();
            streams.values().forEach(Stream::abandon);
            channels.abandon();
            link.owner().closeContext(link.context());
            ppu.queueSharing().queueReturned();
            link.runtime().wake();
            ppu.forget(this);
        }
    }

    @Override
    public String toString() {
        return "context " + number + " of " + link.device();
    }
}
