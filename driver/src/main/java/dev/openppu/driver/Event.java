package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.client.CommandQueue;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.client.Mark;
import dev.openppu.driver.client.SignalSlot;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.driver.sync.Nanos;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A mark in a stream's work. {@link Stream#record} sets it, {@link Stream#waitFor} holds another stream until it is reached, and two of them time what lies between. Recording
 * again moves it; waits look at the recording before them. An event that was never recorded counts as reached. Thread-safe.
 *
 * <p>A recording is a count of completed packets on a hardware queue, so it costs nothing; one that times puts a packet into the queue that stores the device's time into
 * a cache line of pinned memory.
 */
public final class Event implements AutoCloseable {
    private static final float NANOS_PER_MILLI = 1e6f;

    private final Context context;
    private final ContextLink link;
    private final int number;
    private final Set<EventFlag> flags;
    private final LinkLock lock;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Recording last;
    /** Recordings before the last whose time had not been stored yet when they were replaced; guarded by the lock. */
    private final List<Recording> replaced = new ArrayList<>(0);

    /**
     * @param slot where its time is stored, null if it does not time
     * @param frees of pooled memory that come before it
     */
    record Recording(Mark mark, @Nullable SignalSlot slot, FreesBefore frees) {}

    Event(Context context, int number, Set<EventFlag> flags) {
        this.context = context;
        this.link = context.link();
        this.number = number;
        this.flags = flags;
        this.lock = new LinkLock(link.runtime());
    }

    public Context context() {
        return context;
    }

    public Set<EventFlag> flags() {
        return flags;
    }

    /** Number in its context, from 0; never used again. */
    public int id() {
        return number;
    }

    /** Whether the last recording has been reached; throws if it never will be. */
    public boolean reached() {
        requireUsable();
        Recording recording = last;
        return recording == null || done(recording);
    }

    /** SUCCESS (0) if the last recording has been reached, or there was none; NOT_READY (600) if it has not; throws if it never will be. */
    public HgResult query() {
        return reached() ? HgResult.SUCCESS : HgResult.NOT_READY;
    }

    /** Waits until the last recording has been reached. */
    public void synchronize() {
        await(LinkRuntime.NEVER);
    }

    /** As {@link #synchronize()}, at most that long; then {@link PpuTimeoutException}. */
    public void synchronize(Duration timeout) {
        await(link.runtime().deadline(Nanos.of(timeout)));
    }

    private void await(long deadline) {
        requireUsable();
        Recording recording = last;
        if (recording != null) {
            CommandQueue queue = recording.mark.channel().queue();
            queue.await(recording.mark.target(), deadline, flags.contains(EventFlag.BLOCKING_SYNC) ? WaitPolicy.SLEEP : link.policy());
            context.waited();
        }
    }

    /**
     * Milliseconds of device time from {@code earlier} to this event, resolved to the device's nanosecond.
     *
     * @throws PpuException NOT_READY (600) if either was recorded and has not been reached, INVALID_HANDLE (400) if either was never recorded or does not time, or if they are
     *         of two devices
     */
    public float millisSince(Event earlier) {
        return nanosSince(earlier) / NANOS_PER_MILLI;
    }

    /** As {@link #millisSince}, in nanoseconds. */
    public long nanosSince(Event earlier) {
        timed();
        earlier.timed();
        if (earlier.context.ppu() != context.ppu()) {
            throw failure(HgResult.INVALID_HANDLE,
                    earlier + " of " + earlier.link.device() + " is another device's, whose clock counts from elsewhere",
                    "compare events of one device");
        }
        return deviceNanos() - earlier.deviceNanos();
    }

    /**
     * Device time of the last recording in nanoseconds.
     *
     * @throws PpuException NOT_READY (600) if it has not been reached, INVALID_HANDLE (400) if it was never recorded or does not time
     */
    public long deviceNanos() {
        Recording recording = timed();
        if (!done(recording)) {
            throw failure(HgResult.NOT_READY, "it was not reached yet", "wait for it first");
        }
        return Objects.requireNonNull(recording.slot).acquire(0);
    }

    /** Whether it has been reached; throws if it never will be. */
    private static boolean done(Recording recording) {
        CommandQueue queue = recording.mark.channel().queue();
        if (queue.done(recording.mark.target())) {
            return true;
        }
        if (queue.stopped()) {
            throw queue.stopReason();
        }
        queue.flush(recording.mark.target()); // who polls waits
        return false;
    }

    /** The last recording, which has a time or will have one. */
    private Recording timed() {
        requireUsable();
        Recording recording = last;
        if (flags.contains(EventFlag.DISABLE_TIMING)) {
            throw failure(HgResult.INVALID_HANDLE, "it takes no time", "create it without DISABLE_TIMING");
        }
        if (recording == null) {
            throw failure(HgResult.INVALID_HANDLE, "it was never recorded", "record it and wait for it first");
        }
        return recording;
    }

    private PpuException failure(HgResult result, String what, String remedy) {
        return new PpuException(Failure.of(result, link.device(), toString(), what, remedy));
    }

    /**
     * Takes a new recording.
     *
     * @param frees of pooled memory that come before what is submitted here
     * @param point submits what the default streams ask for, and returns the mark behind it
     * @param stamp submits a packet that stores the device's time to an address, and returns the mark behind it
     */
    void record(FreesBefore frees, Supplier<Mark> point, LongFunction<Mark> stamp) {
        if (flags.contains(EventFlag.DISABLE_TIMING)) {
            last = new Recording(point.get(), null, frees);
            return;
        }
        lock.lock();
        try {
            requireOpen();
            Recording before = last;
            SignalSlot slot = freeSlot();
            try {
                last = new Recording(stamp.apply(slot.address()), slot, frees);
            } catch (RuntimeException e) {
                context.signals().give(slot);
                throw e;
            }
            if (before != null) {
                replaced.add(before);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A slot that no packet in flight stores to: so that an older recording cannot overwrite a newer one's time. */
    private SignalSlot freeSlot() {
        for (Iterator<Recording> older = replaced.iterator(); older.hasNext();) {
            Recording recording = older.next();
            if (recording.slot != null && recording.mark.reached()) {
                older.remove();
                return recording.slot;
            }
        }
        return context.signals().take();
    }

    /** What a wait from now on must see, null if there is nothing to wait for. */
    @Nullable
    Recording recording() {
        return last;
    }

    /** Its state can be told: a recording that was lost with its context is never reached. */
    private void requireUsable() {
        HostFunctionScope.refuseCalls();
        link.requireAlive();
        requireOpen();
    }

    void requireOpen() {
        HostFunctionScope.refuseCalls();
        if (closed.get()) {
            throw link.closed(toString());
        }
    }

    /** Gives the event back; its memory when the work that stores to it has ended. Waits that were submitted stay. Idempotent. */
    @Override
    public void close() {
        HostFunctionScope.refuseCalls();
        if (closed.compareAndSet(false, true)) {
            lock.lock();
            try {
                if (!context.closed()) {
                    giveBack();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void giveBack() {
        Recording recording = last;
        if (recording != null) {
            replaced.add(recording);
        }
        for (Recording used : replaced) {
            if (used.slot != null) {
                context.signals().giveAfter(used.slot, used.mark);
            }
        }
        replaced.clear();
    }

    @Override
    public String toString() {
        return "event " + number + " of context " + context.id();
    }
}
