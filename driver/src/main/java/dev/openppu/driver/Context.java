package dev.openppu.driver;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.driver.client.CodeImage;
import dev.openppu.driver.client.CommandQueue;
import dev.openppu.driver.client.CompletionWatcher;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.client.SignalPool;
import dev.openppu.driver.client.SignalSlot;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.QueueGrant;
import dev.openppu.driver.owner.OwnerService.QueueRequest;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An address space of its own on a device, and everything in it. If work in it fails the context is lost; other contexts never notice. Thread-safe.
 *
 * <p>The {@code copy} and {@code fill} methods here run on a stream of the context's own and return when they are done; they are not ordered with other streams.
 */
public final class Context implements AutoCloseable {
    private final Ppu ppu;
    private final int number;
    private final ContextLink link;
    private final SignalPool signals;
    private final CompletionWatcher watcher;
    private final long drainNanos;
    private final LinkLock lock;
    private final Set<Stream> streams = new CopyOnWriteArraySet<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable Stream own;

    Context(Ppu ppu, int number, ContextLink link, CompletionWatcher watcher, long drainNanos) {
        this.ppu = ppu;
        this.number = number;
        this.link = link;
        this.signals = new SignalPool(link);
        this.watcher = watcher;
        this.drainNanos = drainNanos;
        this.lock = new LinkLock(link.runtime());
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
        requireSize(bytes);
        return new DeviceBuffer(this, link.owner().allocateDevice(link.context(), bytes, Access.READ_WRITE), bytes);
    }

    /**
     * Allocates host memory that the device reaches.
     *
     * @param bytes 1 or more
     */
    public PinnedBuffer allocatePinned(long bytes) {
        requireSize(bytes);
        return new PinnedBuffer(this, link.owner().allocatePinned(link.context(), bytes, Access.READ_WRITE), bytes);
    }

    /** Uploads code. */
    public PpuModule loadModule(CodeObject code) {
        link.requireAlive();
        return new PpuModule(this, code.source(), code, CodeImage.load(link, code));
    }

    /**
     * Assembles TIX text and uploads it.
     *
     * @param name for messages, for example the file's
     * @throws TixException with every mistake in the text and its place
     */
    public PpuModule loadModule(String name, String tix) throws TixException {
        return loadModule(TixAssembler.assemble(name, tix));
    }

    public Stream createStream() {
        return createStream(StreamOptions.defaults());
    }

    /** @throws PpuException if no hardware queue is free, naming who holds them */
    public Stream createStream(StreamOptions options) {
        link.requireAlive();
        SignalSlot signal = signals.take();
        QueueGrant grant = openQueue(options, signal);
        Stream stream = new Stream(this, new CommandQueue(link, "queue " + grant.queue() + " of context " + number, grant, signal),
                options);
        streams.add(stream);
        if (closed.get()) {
            stream.abandon();
        }
        return stream;
    }

    private QueueGrant openQueue(StreamOptions options, SignalSlot signal) {
        try {
            return link.owner().openQueue(link.context(),
                    new QueueRequest(options.log2Packets(), options.highPriority(), "a stream of context " + number));
        } catch (RuntimeException e) {
            signals.give(signal);
            throw e;
        }
    }

    public Event createEvent() {
        link.requireAlive();
        return new Event(this, signals.take());
    }

    /** Copies to the device and waits for it. */
    public void copyToDevice(DeviceMemory destination, long offset, MemorySegment source) {
        Stream stream = ownStream();
        stream.copyToDevice(destination, offset, source);
        stream.synchronize();
    }

    /** Copies to the host. */
    public void copyToHost(MemorySegment destination, DeviceMemory source, long offset) {
        ownStream().copyToHost(destination, source, offset);
    }

    /** Copies within the context and waits for it. */
    public void copy(DeviceMemory destination, long destinationOffset, DeviceMemory source, long sourceOffset, long bytes) {
        Stream stream = ownStream();
        stream.copy(destination, destinationOffset, source, sourceOffset, bytes);
        stream.synchronize();
    }

    /** Fills and waits for it. */
    public void fill8(DeviceMemory destination, long offset, byte value, long elements) {
        Stream stream = ownStream();
        stream.fill8(destination, offset, value, elements);
        stream.synchronize();
    }

    /** Fills and waits for it. */
    public void fill16(DeviceMemory destination, long offset, short value, long elements) {
        Stream stream = ownStream();
        stream.fill16(destination, offset, value, elements);
        stream.synchronize();
    }

    /** Fills and waits for it. */
    public void fill32(DeviceMemory destination, long offset, int value, long elements) {
        Stream stream = ownStream();
        stream.fill32(destination, offset, value, elements);
        stream.synchronize();
    }

    /** Waits for everything submitted to all streams so far. */
    public void synchronize() {
        link.requireAlive();
        streams.forEach(Stream::synchronize);
    }

    /** Work failed, or the device is gone: only closing is left. */
    public boolean lost() {
        return !closed.get() && !link.alive();
    }

    /** Why the context is lost, as every call on it throws it. */
    public Optional<PpuException> failure() {
        return lost() ? Optional.of(link.failure()) : Optional.empty();
    }

    private Stream ownStream() {
        lock.lock();
        try {
            Stream stream = own;
            if (stream == null) {
                stream = createStream();
                own = stream;
            }
            return stream;
        } finally {
            lock.unlock();
        }
    }

    ContextLink link() {
        return link;
    }

    SignalPool signals() {
        return signals;
    }

    CompletionWatcher watcher() {
        return watcher;
    }

    long drainDeadline() {
        return link.runtime().deadline(drainNanos);
    }

    void forget(Stream stream) {
        streams.remove(stream);
    }

    /** Frees memory that no work in flight uses: waits for what was submitted so far. */
    void free(Object what, long address) {
        if (!closed.get()) {
            drainAll();
            link.owner().free(link.context(), address);
        }
    }

    /** Gives back a signal slot that no work in flight names. */
    void giveBack(SignalSlot slot) {
        if (!closed.get()) {
            drainAll();
            signals.give(slot);
        }
    }

    private void drainAll() {
        long deadline = drainDeadline();
        streams.forEach(stream -> stream.drain(deadline));
    }

    private void requireSize(long bytes) {
        if (bytes < 1) {
            throw link.invalid("context " + number, "an allocation of " + bytes + " bytes", "ask for 1 or more");
        }
        link.requireAlive();
    }

    /** Abandons work that has not completed (synchronize first to keep it), ends all waits, and takes everything of the context back. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            streams.forEach(Stream::abandon);
            link.owner().closeContext(link.context());
            link.runtime().wake();
            ppu.forget(this);
        }
    }

    @Override
    public String toString() {
        return "context " + number + " of " + link.device();
    }
}
