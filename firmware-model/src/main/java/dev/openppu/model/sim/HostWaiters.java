package dev.openppu.model.sim;

import dev.openppu.hal.irq.Wakeup;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Host threads that are parked until the device does something, by the interrupt that they wait for.
 *
 * <p>No wake-up is lost: a waiter announces itself, fences, looks at its condition again and parks; whoever changes memory fences and then looks at the conditions of those
 * that have announced themselves. With a full fence on both sides one of the two sees the other. Only who has what it waits for is woken: a look costs nanoseconds, a
 * thread that is woken for nothing microseconds.
 */
final class HostWaiters {
    private final Set<Waiter> any = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Set<Waiter>> byVector = new ConcurrentHashMap<>();

    /** A thread that is about to park, or parked. */
    static final class Waiter {
        private final Thread thread;
        private final BooleanSupplier condition;
        private final int vector;

        /** @param vector that it waits for, or {@link Wakeup#ANY} */
        Waiter(Thread thread, BooleanSupplier condition, int vector) {
            this.thread = thread;
            this.condition = condition;
            this.vector = vector;
        }

        private void wakeIfDue() {
            boolean due = true;
            try {
                due = condition.getAsBoolean();
            } catch (RuntimeException e) {
                // its own thread will meet the same
            }
            if (due) {
                LockSupport.unpark(thread);
            }
        }
    }

    void announce(Waiter waiter) {
        of(waiter.vector).add(waiter);
        VarHandle.fullFence();
    }

    void withdraw(Waiter waiter) {
        of(waiter.vector).remove(waiter);
    }

    private Set<Waiter> of(int vector) {
        return vector == Wakeup.ANY ? any : byVector.computeIfAbsent(vector, v -> ConcurrentHashMap.newKeySet());
    }

    /** Device code wrote host memory: a host does not notice that, but for those who wait for anything. */
    void memoryChanged() {
        VarHandle.fullFence();
        wakeDue(any);
    }

    /** A message of the vector has arrived. */
    void interrupted(int vector) {
        VarHandle.fullFence();
        wakeDue(any);
        Set<Waiter> waiters = byVector.get(vector);
        if (waiters != null) {
            wakeDue(waiters);
        }
    }

    /** Host software changed something: whoever has what it waits for is woken. */
    void wakeDue() {
        VarHandle.fullFence();
        wakeDue(any);
        byVector.values().forEach(HostWaiters::wakeDue);
    }

    private static void wakeDue(Set<Waiter> waiters) {
        if (!waiters.isEmpty()) {
            waiters.forEach(Waiter::wakeIfDue);
        }
    }

    /** Everybody looks: the world has ended. */
    void wakeAll() {
        VarHandle.fullFence();
        any.forEach(waiter -> LockSupport.unpark(waiter.thread));
        byVector.values().forEach(waiters -> waiters.forEach(waiter -> LockSupport.unpark(waiter.thread)));
    }
}
