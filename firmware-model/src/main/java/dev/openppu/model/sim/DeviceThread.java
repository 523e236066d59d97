package dev.openppu.model.sim;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The thread that runs a free-running device's events when they are due, under the device's lock. */
final class DeviceThread {
    private final ReentrantLock exclusion;
    private final Condition scheduled;
    private final LongSupplier clock;
    private final Consumer<RuntimeException> onFailure;
    private final Trace trace;
    private final EventQueue events = new EventQueue();
    private final Thread thread;
    private long sequence;
    private boolean ended;

    DeviceThread(String name, ReentrantLock exclusion, LongSupplier clock, Trace trace, Consumer<RuntimeException> onFailure) {
        this.exclusion = exclusion;
        this.scheduled = exclusion.newCondition();
        this.clock = clock;
        this.trace = trace;
        this.onFailure = onFailure;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    Thread thread() {
        return thread;
    }

    void start() {
        thread.start();
    }

    /** May be called with or without the device's lock. */
    void after(long nanos, String what, Runnable event) {
        exclusion.lock();
        try {
            if (ended) {
                return;
            }
            long due = clock.getAsLong() + Math.max(0, nanos);
            boolean first = events.isEmpty() || due < events.firstTime();
            events.add(due < 0 ? Long.MAX_VALUE : due, sequence++, what, event);
            if (first && Thread.currentThread() != thread) {
                scheduled.signal();
            }
        } finally {
            exclusion.unlock();
        }
    }

    void end() {
        exclusion.lock();
        try {
            ended = true;
            events.clear();
            scheduled.signal();
        } finally {
            exclusion.unlock();
        }
    }

    private void run() {
        exclusion.lock();
        try {
            while (!ended) {
                if (events.isEmpty()) {
                    scheduled.awaitUninterruptibly();
                } else {
                    awaitOrRunFirst();
                }
            }
        } finally {
            exclusion.unlock();
        }
    }

    @SuppressWarnings({"WaitNotInLoop", "InterruptedInCatchBlock"}) // its caller is the loop; an interrupt is dropped on purpose
    private void awaitOrRunFirst() {
        long wait = events.firstTime() - clock.getAsLong();
        if (wait <= 0) {
            runFirst();
            letOthersIn();
            return;
        }
        try {
            scheduled.awaitNanos(wait);
        } catch (InterruptedException e) {
            // nobody has business interrupting the device: go on
            Thread.interrupted();
        }
    }

    private void runFirst() {
        String label = events.firstLabel();
        Runnable event = events.removeFirst();
        if (trace.on()) {
            trace.record("sim", "event", label);
        }
        try {
            event.run();
        } catch (RuntimeException | Error e) {
            ended = true;
            events.clear();
            onFailure.accept(new IllegalStateException("device event '" + label + "' failed: " + e, e));
        }
    }

    /** Events that follow each other at once must not keep host threads from their accesses. */
    private void letOthersIn() {
        if (exclusion.hasQueuedThreads()) {
            exclusion.unlock();
            exclusion.lock();
        }
    }
}
