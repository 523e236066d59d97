package dev.openppu.model.sim;

import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The thread that runs a free-running device's events when they are due, under the device's lock. */
final class DeviceThread {
    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;
    /** About what a sleep and a wake-up cost. */
    private static final long AWAKE_NANOS = 30_000;

    private final Exclusion exclusion;
    private final Condition scheduled;
    private final LongSupplier clock;
    private final Consumer<RuntimeException> onFailure;
    private final Trace trace;
    private final EventQueue events = new EventQueue();
    private final Thread thread;
    private long sequence;
    private boolean ended;
    /** An event has come that is due before all others. */
    private volatile boolean sooner;

    DeviceThread(String name, Exclusion exclusion, LongSupplier clock, Trace trace, Consumer<RuntimeException> onFailure) {
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
        exclusion.enter();
        try {
            if (ended) {
                return;
            }
            long due = clock.getAsLong() + Math.max(0, nanos);
            boolean first = events.isEmpty() || due < events.firstTime();
            events.add(due < 0 ? Long.MAX_VALUE : due, sequence++, what, event);
            if (first && Thread.currentThread() != thread) {
                sooner = true;
                scheduled.signal();
            }
        } finally {
            exclusion.exit();
        }
    }

    void end() {
        exclusion.enter();
        try {
            ended = true;
            sooner = true;
            events.clear();
            scheduled.signal();
        } finally {
            exclusion.exit();
        }
    }

    private void run() {
        exclusion.enter();
        try {
            while (!ended) {
                sooner = false;
                long wait = events.isEmpty() ? Long.MAX_VALUE : events.firstTime() - clock.getAsLong();
                if (wait <= 0) {
                    runFirst();
                    exclusion.letOthersIn(); // events that follow each other at once must not keep host threads from their accesses
                } else if (!comesSoon(wait)) {
                    sleep(wait);
                }
            }
        } finally {
            exclusion.exit();
        }
    }

    /**
     * Stays awake for a while without the lock: a sleep, and a wake-up, takes tens of microseconds, far more than the engines' steps and than a host that answers at once.
     *
     * @return whether the first event is due, or another has come before it
     */
    private boolean comesSoon(long wait) {
        if (!SEVERAL_PROCESSORS) {
            return false;
        }
        exclusion.exit();
        try {
            long begin = clock.getAsLong();
            long patience = Math.min(wait, AWAKE_NANOS);
            while (!sooner && clock.getAsLong() - begin < patience) {
                Thread.onSpinWait();
            }
        } finally {
            exclusion.enter();
        }
        return sooner || wait <= AWAKE_NANOS;
    }

    @SuppressWarnings({"WaitNotInLoop", "InterruptedInCatchBlock"}) // its caller is the loop; an interrupt is dropped on purpose
    private void sleep(long nanos) {
        if (ended || sooner) {
            return;
        }
        try {
            scheduled.awaitNanos(nanos);
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
}
