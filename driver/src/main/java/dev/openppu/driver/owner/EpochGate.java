package dev.openppu.driver.owner;

import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkRuntime;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the threads that work on the device in one epoch, so that the next one begins when the last has left. Thread-safe. */
final class EpochGate {
    private final LinkRuntime runtime;
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean closed;

    EpochGate(LinkRuntime runtime) {
        this.runtime = runtime;
    }

    /** Whether the caller may go in; it calls {@link #leave} then. */
    boolean enter() {
        inside.incrementAndGet();
        if (closed) {
            leave();
            return false;
        }
        return true;
    }

    void leave() {
        if (inside.decrementAndGet() == 0 && closed) {
            runtime.wake();
        }
    }

    /** Lets nobody in any more and waits until all have left; {@code false} if some stay. */
    boolean close(long deadlineNanos) {
        closed = true;
        return new Waiting(runtime).uninterruptibly(() -> inside.get() == 0, deadlineNanos);
    }
}
