package dev.openppu.model.sim;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The exclusion of a device that runs in real time. An access or an event holds it for a microsecond, a sleep and a wake-up cost tens: so who finds it taken looks again for a
 * while before it sleeps. Re-entrant.
 */
final class Exclusion {
    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;
    private static final long LOOK_NANOS = 30_000;
    private static final int LOOKS_PER_CLOCK = 16;
    /** How long the device's thread stays out for those who look: they take it within some tens of nanoseconds, if they run. */
    private static final int MOST_LOOKS_OUTSIDE = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger looking = new AtomicInteger();
    private final BooleanSupplier meanwhile;
    private final Condition nobodyOutside = lock.newCondition();
    private int outside;

    /** @param meanwhile what who looks may do for who is inside; returns whether there was anything to do */
    Exclusion(BooleanSupplier meanwhile) {
        this.meanwhile = meanwhile;
    }

    void enter() {
        if (!lock.tryLock()) {
            enterTaken();
        }
    }

    private void enterTaken() {
        if (!SEVERAL_PROCESSORS || !look()) {
            lock.lock();
        }
    }

    /** @return whether it was taken */
    private boolean look() {
        looking.incrementAndGet();
        try {
            long until = System.nanoTime() + LOOK_NANOS;
            do {
                for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
                    if (!lock.isLocked() && lock.tryLock()) {
                        return true;
                    }
                    if (!meanwhile.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                }
            } while (System.nanoTime() - until < 0);
            return false;
        } finally {
            looking.decrementAndGet();
        }
    }

    void exit() {
        lock.unlock();
    }

    /** Whoever holds it for one thing after the other gives it to those who want it between two of them. */
    void letOthersIn() {
        if (looking.get() == 0 && !lock.hasQueuedThreads()) {
            return;
        }
        lock.unlock();
        for (int i = 0; i < MOST_LOOKS_OUTSIDE && looking.get() > 0 && !lock.isLocked(); i++) {
            Thread.onSpinWait();
        }
        enter();
    }

    /** Runs something that waits for others, without the exclusion if the calling thread has it. */
    void outside(Runnable wait) {
        int holds = lock.getHoldCount();
        if (holds == 0) {
            wait.run();
            return;
        }
        outside++;
        for (int i = 0; i < holds; i++) {
            lock.unlock();
        }
        try {
            wait.run();
        } finally {
            for (int i = 0; i < holds; i++) {
                lock.lock();
            }
            if (--outside == 0) {
                nobodyOutside.signalAll();
            }
        }
    }

    /** As {@link #enter}, when nobody is {@link #outside} in the middle of something. */
    void enterAlone() {
        enter();
        while (outside > 0) {
            nobodyOutside.awaitUninterruptibly();
        }
    }

    Condition newCondition() {
        return lock.newCondition();
    }
}
