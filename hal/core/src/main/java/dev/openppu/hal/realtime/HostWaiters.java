package dev.openppu.hal.realtime;

import dev.openppu.hal.irq.Wakeup;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Host threads that are parked until the device does something, by the interrupt that they wait for.
 *
 * <p>No wake-up is lost: a waiter announces itself, fences, looks at its condition again and parks; whoever changes memory fences and then looks at the conditions of those
 * that have announced themselves. With a full fence on both sides one of the two sees the other. Only who has what it waits for is woken: a look costs nanoseconds, a
 * thread that is woken for nothing microseconds.
 */
final class HostWaiters {
    private final WaiterSlots any = new WaiterSlots();
    private final Map<Integer, WaiterSlots> byVector = new ConcurrentHashMap<>();
    /** The values of {@link #byVector}. */
    private final List<WaiterSlots> ofVectors = new CopyOnWriteArrayList<>();

    /** A thread that is about to park, or parked. */
    static final class Waiter {
        private final Thread thread;
        private final BooleanSupplier condition;
        private final int vector;
        /** What the {@link Lookout} knows of it. */
        final Lookout.Watch watch;

        /**
         * @param vector that it waits for, or {@link Wakeup#ANY}
         * @param deadlineNanos when it wants to be woken in any case
         */
        Waiter(Thread thread, BooleanSupplier condition, int vector, long deadlineNanos) {
            this.thread = thread;
            this.condition = condition;
            this.vector = vector;
            this.watch = new Lookout.Watch(deadlineNanos);
        }

        void wakeIfDue() {
            boolean due = true;
            try {
                due = condition.getAsBoolean();
            } catch (RuntimeException e) {
                // its own thread will meet the same
            }
            if (due) {
                wake();
            }
        }

        void wake() {
            LockSupport.unpark(thread);
        }
    }

    void announce(Waiter waiter) {
        of(waiter.vector).add(waiter);
        VarHandle.fullFence();
    }

    void withdraw(Waiter waiter) {
        of(waiter.vector).remove(waiter);
    }

    private WaiterSlots of(int vector) {
        if (vector == Wakeup.ANY) {
            return any;
        }
        WaiterSlots known = byVector.get(vector);
        return known != null ? known : byVector.computeIfAbsent(vector, _ -> {
            WaiterSlots made = new WaiterSlots();
            ofVectors.add(made);
            return made;
        });
    }

    /** Device code wrote host memory: a host does not notice that, but for those who wait for anything. */
    void memoryChanged() {
        VarHandle.fullFence();
        any.forEach(Waiter::wakeIfDue);
    }

    /** A message of the vector has arrived. */
    void interrupted(int vector) {
        VarHandle.fullFence();
        any.forEach(Waiter::wakeIfDue);
        WaiterSlots waiters = byVector.get(vector);
        if (waiters != null) {
            waiters.forEach(Waiter::wakeIfDue);
        }
    }

    /** Host software changed something: whoever has what it waits for is woken. */
    void wakeDue() {
        VarHandle.fullFence();
        forEach(Waiter::wakeIfDue);
    }

    /** Everybody looks: the world has ended. */
    void wakeAll() {
        VarHandle.fullFence();
        forEach(Waiter::wake);
    }

    void forEach(Consumer<Waiter> action) {
        any.forEach(action);
        for (WaiterSlots waiters : ofVectors) {
            waiters.forEach(action);
        }
    }
}
