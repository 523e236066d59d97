package dev.openppu.driver.client;

import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import dev.openppu.driver.sync.LinkLock;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;

/** The signal slots of a context; grows by pages, which go with the context. Thread-safe. */
public final class SignalPool {
    private static final long PAGE_BYTES = 4096;
    private static final int LOOKS = 4;

    private final ContextLink link;
    private final LinkLock lock;
    private final ArrayDeque<SignalSlot> free = new ArrayDeque<>();
    private final ArrayDeque<InUse> inUse = new ArrayDeque<>();

    private int slots;

    private record InUse(SignalSlot slot, Mark end) {}

    public SignalPool(ContextLink link) {
        this.link = link;
        this.lock = new LinkLock(link.runtime());
    }

    /** A slot, all zero. */
    public SignalSlot take() {
        lock.lock();
        try {
            reclaim();
            if (free.isEmpty()) {
                grow();
            }
            return free.remove();
        } finally {
            lock.unlock();
        }
    }

    /** How many slots are in use. */
    public int taken() {
        lock.lock();
        try {
            return slots - free.size() - (int) inUse.stream().filter(used -> used.end.reached()).count();
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a slot that no packet in flight names. */
    public void give(SignalSlot slot) {
        clear(slot);
        lock.lock();
        free.add(slot);
        lock.unlock();
    }

    /** Gives back a slot that packets name, for when {@code end} is reached. */
    public void giveAfter(SignalSlot slot, Mark end) {
        if (end.reached()) {
            give(slot);
            return;
        }
        lock.lock();
        inUse.add(new InUse(slot, end));
        lock.unlock();
    }

    /** A few looks pay for a slot that is taken, so that what waits for long does not make taking slow. */
    private void reclaim() {
        for (int i = Math.min(LOOKS, inUse.size()); i > 0; i--) {
            InUse used = inUse.remove();
            if (used.end.reached()) {
                clear(used.slot);
                free.add(used.slot);
            } else {
                inUse.add(used);
            }
        }
    }

    private static void clear(SignalSlot slot) {
        try {
            for (long i = 0; i < SignalSlot.BYTES; i += Long.BYTES) {
                slot.memory().set(ValueLayout.JAVA_LONG, slot.offset() + i, 0L);
            }
        } catch (IllegalStateException e) {
            // the memory went with its context or its link: nobody takes the slot any more
        }
    }

    private void grow() {
        PinnedGrant page = link.owner().allocatePinned(link.context(), PAGE_BYTES, Access.READ_WRITE);
        for (long offset = 0; offset + SignalSlot.BYTES <= page.bytes(); offset += SignalSlot.BYTES) {
            free.add(new SignalSlot(page.memory(), offset, page.address() + offset));
            slots++;
        }
    }
}
