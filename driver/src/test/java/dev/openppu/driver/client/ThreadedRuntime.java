package dev.openppu.driver.client;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Real threads and the real clock; waits look every 50 microseconds. */
final class ThreadedRuntime implements LinkRuntime {
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean held;

    /** While held, nobody who waits looks. */
    void hold(boolean hold) {
        held = hold;
    }

    /** Threads that wait just now. */
    int waiting() {
        return waiting.get();
    }

    @Override
    public long nanos() {
        return System.nanoTime() & Long.MAX_VALUE >> 1;
    }

    @Override
    public long scaled(long nanos) {
        return nanos;
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos) {
        waiting.incrementAndGet();
        try {
            while (held || !condition.getAsBoolean()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new WaitInterruptedException("interrupted");
                }
                if (nanos() >= deadlineNanos) {
                    return false;
                }
                LockSupport.parkNanos(50_000);
            }
            return true;
        } finally {
            waiting.decrementAndGet();
        }
    }

    @Override
    public void sleep(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    @Override
    public void wake() {
        // waits look by themselves
    }

    @Override
    public Worker start(String name, Runnable body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean simulated() {
        return false;
    }
}
