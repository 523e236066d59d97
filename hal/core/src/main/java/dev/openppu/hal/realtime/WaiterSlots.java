package dev.openppu.hal.realtime;

import dev.openppu.hal.realtime.HostWaiters.Waiter;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The waiters of one kind: as many slots as there ever were waiters at once, in blocks that stay. To come or go is one store to a slot, to look at all a walk over
 * references. Thread-safe.
 */
final class WaiterSlots {
    private static final int BLOCK = 8;

    private final AtomicReferenceArray<@Nullable Waiter> slots = new AtomicReferenceArray<>(BLOCK);
    private final AtomicReference<@Nullable WaiterSlots> more = new AtomicReference<>();

    /** Until {@link #remove}. */
    void add(Waiter waiter) {
        WaiterSlots block = this;
        while (!block.tryAdd(waiter)) {
            block = block.next();
        }
    }

    private boolean tryAdd(Waiter waiter) {
        for (int i = 0; i < BLOCK; i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, waiter)) {
                return true;
            }
        }
        return false;
    }

    private WaiterSlots next() {
        WaiterSlots next = more.get();
        if (next == null) {
            WaiterSlots made = new WaiterSlots();
            next = more.compareAndExchange(null, made);
            return next == null ? made : next;
        }
        return next;
    }

    /** @param waiter that was added by this thread */
    void remove(Waiter waiter) {
        for (WaiterSlots block = this; block != null; block = block.more.get()) {
            for (int i = 0; i < BLOCK; i++) {
                if (block.slots.getPlain(i) == waiter) {
                    block.slots.setRelease(i, null);
                    return;
                }
            }
        }
    }

    void forEach(Consumer<Waiter> action) {
        for (WaiterSlots block = this; block != null; block = block.more.getAcquire()) {
            for (int i = 0; i < BLOCK; i++) {
                Waiter waiter = block.slots.getAcquire(i);
                if (waiter != null) {
                    action.accept(waiter);
                }
            }
        }
    }
}
