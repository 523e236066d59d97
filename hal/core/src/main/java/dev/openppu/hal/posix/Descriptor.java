package dev.openppu.hal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A descriptor that this process owns. Its number is given back to the kernel, which gives it to the next who opens anything, only when no call uses it any more: whoever calls with it
 * {@linkplain #enter enters} first. Thread-safe.
 */
public final class Descriptor implements AutoCloseable {
    private static final int CLOSED = 1 << 31;

    private final int number;
    /** How many calls use it, and {@link #CLOSED}. */
    private final AtomicInteger uses = new AtomicInteger();
    private final AtomicBoolean given = new AtomicBoolean();

    private Descriptor(int number) {
        this.number = number;
    }

    /** Takes over a descriptor that nobody else closes. */
    public static Descriptor own(int number) {
        return new Descriptor(number);
    }

    /** Its number in this process, valid until {@link #close}, or between {@link #enter} and {@link #leave}. */
    public int number() {
        return number;
    }

    /** @return {@code false} if it is closed: then there is nothing to leave */
    public boolean enter() {
        if (uses.incrementAndGet() >= 0) {
            return true;
        }
        leave();
        return false;
    }

    public void leave() {
        if (uses.decrementAndGet() == CLOSED) {
            giveBack();
        }
    }

    /**
     * Waits until more can be written.
     *
     * @return whether it can; {@code false} too if a signal came
     */
    public boolean awaitWritable(int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(DescriptorCalls.POLLFD);
            DescriptorCalls.FD.set(entry, 0L, number);
            DescriptorCalls.EVENTS.set(entry, 0L, DescriptorCalls.POLLOUT);
            return DescriptorCalls.poll(entry, millis) != 0;
        }
    }

    /** Closes it, at once or when the last call has left. Idempotent. */
    @Override
    public void close() {
        if (uses.getAndUpdate(count -> count | CLOSED) == 0) {
            giveBack();
        }
    }

    /** A call that enters and leaves a closed descriptor comes by here too. */
    private void giveBack() {
        if (given.compareAndSet(false, true)) {
            DescriptorCalls.close(number);
        }
    }
}
