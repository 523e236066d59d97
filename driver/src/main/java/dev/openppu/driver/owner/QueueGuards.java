package dev.openppu.driver.owner;

import dev.openppu.driver.sync.LinkLock;
import dev.openppu.hal.LinkRuntime;
import java.util.ArrayList;
import java.util.List;

/**
 * Who stops, resets or gives back a queue has it for himself meanwhile: a reset that takes its time must not find that its number is another context's by then.
 *
 * <p>Whoever takes several takes them in ascending order; whoever holds the lock of the recovery ladder takes none that he would have to wait for. Thread-safe.
 */
public final class QueueGuards {
    private final List<LinkLock> locks = new ArrayList<>();

    QueueGuards(LinkRuntime runtime, int queues) {
        for (int i = 0; i < queues; i++) {
            locks.add(new LinkLock(runtime));
        }
    }

    /** Waits for a queue and takes it. */
    public void lock(int queue) {
        locks.get(queue).lock();
    }

    /** Takes a queue that nobody has. */
    public boolean tryLock(int queue) {
        return locks.get(queue).tryLock();
    }

    public void unlock(int queue) {
        locks.get(queue).unlock();
    }

    /** Takes several, in ascending order. */
    void lock(List<Integer> ascending) {
        ascending.forEach(this::lock);
    }

    void unlock(List<Integer> queues) {
        queues.forEach(this::unlock);
    }
}
