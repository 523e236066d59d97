package dev.openppu.hal.record;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Accesses of several host threads to a device that runs beside them, one after another: the records then stand in the order in which the device saw the accesses, and none of what an access
 * causes stands before it. Under the simulated clock one thread runs at a time, and nothing has to wait. Never taken inside the {@link Recorder}'s lock: the device may write host memory before
 * it answers a read.
 */
final class AccessOrder {
    private final boolean simulated;
    private final ReentrantLock lock = new ReentrantLock();

    AccessOrder(boolean simulated) {
        this.simulated = simulated;
    }

    /** Whether an access that is not answered is recorded before it is made; else when it is over. */
    boolean causesFirst() {
        return !simulated;
    }

    void run(Runnable access) {
        get(() -> {
            access.run();
            return true;
        });
    }

    <T> T get(Supplier<T> access) {
        if (simulated) {
            return access.get();
        }
        lock.lock();
        try {
            return access.get();
        } finally {
            lock.unlock();
        }
    }
}
