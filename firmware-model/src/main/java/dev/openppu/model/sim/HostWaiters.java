package dev.openppu.model.sim;

import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Host threads that are parked until the device does something.
 *
 * <p>No wake-up is lost: a waiter announces itself, fences, looks at its condition again and parks; whoever changes memory fences and then wakes those that have
 * announced themselves. With a full fence on both sides one of the two sees the other.
 */
final class HostWaiters {
    private final Set<Thread> parked = ConcurrentHashMap.newKeySet();

    void announce(Thread waiter) {
        parked.add(waiter);
        VarHandle.fullFence();
    }

    void withdraw(Thread waiter) {
        parked.remove(waiter);
    }

    void wakeAll() {
        VarHandle.fullFence();
        if (!parked.isEmpty()) {
            parked.forEach(LockSupport::unpark);
        }
    }
}
