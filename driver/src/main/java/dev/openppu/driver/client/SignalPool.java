package dev.openppu.driver.client;

import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import dev.openppu.driver.sync.LinkLock;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;

/** The signal slots of a context; grows by pages, which go with the context. Thread-safe. */
public final class SignalPool {
    private static final long PAGE_BYTES = 4096;

    private final ContextLink link;
    private final LinkLock lock;
    private final ArrayDeque<SignalSlot> free = new ArrayDeque<>();

    public SignalPool(ContextLink link) {
        this.link = link;
        this.lock = new LinkLock(link.runtime());
    }

    /** A slot, all zero. */
    public SignalSlot take() {
        lock.lock();
        try {
            if (free.isEmpty()) {
                grow();
            }
            return free.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a slot that no packet in flight names. */
    public void give(SignalSlot slot) {
        for (long i = 0; i < SignalSlot.BYTES; i += Long.BYTES) {
            slot.memory().set(ValueLayout.JAVA_LONG, slot.offset() + i, 0L);
        }
        lock.lock();
        free.add(slot);
        lock.unlock();
    }

    private void grow() {
        PinnedGrant page = link.owner().allocatePinned(link.context(), PAGE_BYTES, Access.READ_WRITE);
        for (long offset = 0; offset + SignalSlot.BYTES <= page.bytes(); offset += SignalSlot.BYTES) {
            free.add(new SignalSlot(page.memory(), offset, page.address() + offset));
        }
    }
}
