package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.client.SignalSlot;
import dev.openppu.hal.LinkRuntime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A mark in a stream's work. {@link Stream#record} sets it, {@link Stream#waitFor} holds another stream until it is reached, and two of them time what lies between. Recording
 * again moves it; waits look at the recording before them. An event that was never recorded counts as reached. Thread-safe.
 *
 * <p>A cache line of pinned memory: how often it was reached (8 bytes), and when the last time (8 bytes, device time in ns); the device is the writer of both.
 */
public final class Event implements AutoCloseable {
    private static final int TIME_OFFSET = 8;

    private final Context context;
    private final ContextLink link;
    private final SignalSlot slot;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Recording last = new Recording(0, null);

    /** The {@code count}-th recording and whose it was. */
    private record Recording(long count, @Nullable Stream stream) {}

    Event(Context context, SignalSlot slot) {
        this.context = context;
        this.link = context.link();
        this.slot = slot;
    }

    public Context context() {
        return context;
    }

    /** Whether the last recording has been reached. */
    public boolean reached() {
        requireOpen();
        return reached(last.count);
    }

    /** SUCCESS (0) if the last recording has been reached, or there was none; NOT_READY (600) if it has not. */
    public HgResult query() {
        return reached() ? HgResult.SUCCESS : HgResult.NOT_READY;
    }

    /** Waits until the last recording has been reached. */
    public void synchronize() {
        await(LinkRuntime.NEVER);
    }

    /** As {@link #synchronize()}, at most that long; then {@link PpuTimeoutException}. */
    public void synchronize(Duration timeout) {
        await(link.runtime().deadline(timeout.toNanos()));
    }

    private void await(long deadline) {
        requireOpen();
        Recording recording = last;
        Stream stream = recording.stream;
        if (stream == null || reached(recording.count)) {
            return;
        }
        boolean ended = link.runtime().await(() -> reached(recording.count) || stream.stopped() || closed.get(), deadline);
        if (reached(recording.count)) {
            return;
        }
        requireOpen();
        if (ended) {
            throw stream.stopReason();
        }
        throw link.timeout(toString(), "it was not reached in time", "wait longer, or look what its stream waits for");
    }

    /**
     * Nanoseconds of device time from {@code earlier} to this event.
     *
     * @throws PpuException NOT_READY if either has not been reached or never was recorded
     */
    public long nanosSince(Event earlier) {
        return deviceNanos() - earlier.deviceNanos();
    }

    /** Device time of the last recording in nanoseconds. */
    public long deviceNanos() {
        Recording recording = last;
        if (recording.count == 0 || !reached()) {
            throw new PpuException(
                    Failure.of(HgResult.NOT_READY, link.device(), toString(), "it was not reached yet", "record it and wait for it first"));
        }
        return slot.acquire(TIME_OFFSET);
    }

    /** Counts a new recording of {@code stream}, which submits the packets that reach it. */
    long recordedBy(Stream stream) {
        long count = last.count + 1;
        last = new Recording(count, stream);
        return count;
    }

    /** The count that a wait from now on must see, 0 if there is nothing to wait for. */
    long target() {
        return last.count;
    }

    long countAddress() {
        return slot.address();
    }

    long timeAddress() {
        return slot.address() + TIME_OFFSET;
    }

    void requireOpen() {
        HostFunctionScope.refuseCalls();
        if (closed.get()) {
            throw link.closed(toString());
        }
    }

    private boolean reached(long count) {
        return slot.acquire(0) - count >= 0;
    }

    /** Gives the event back after the work submitted to the context so far has ended. Idempotent. */
    @Override
    public void close() {
        HostFunctionScope.refuseCalls();
        if (closed.compareAndSet(false, true)) {
            link.runtime().wake();
            context.giveBack(slot);
        }
    }

    @Override
    public String toString() {
        return "event 0x%x of context %d".formatted(slot.address(), context.id());
    }
}
