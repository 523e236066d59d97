package dev.openppu.driver.client;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import dev.openppu.driver.sync.LinkLock;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Pinned memory for the parameter blocks of one queue, allocated when first needed. Small blocks have a place each, as many as packets can be in the ring or in flight; large ones
 * share a few places in turn, and a place is used again when the packet that used it last has completed.
 *
 * <p>{@link #prepare} from any thread; the rest in the queue's turn.
 */
public final class ArgumentArea {
    private static final int SMALL_BYTES = 256;
    /** Packets of a queue that the device has in flight at most (programming guide, section 5). */
    private static final int MOST_IN_FLIGHT = 8;
    private static final int LARGE_BYTES = (CodeLimits.MAX_PARAMETER_BYTES + 63) / 64 * 64;
    private static final int LARGE_PLACES = 4;

    private final ContextLink link;
    private final CommandQueue queue;
    private final LinkLock lock;
    private final long places;
    private final long[] largeUsedUntil = new long[LARGE_PLACES];
    private volatile @Nullable PinnedGrant small;
    private volatile @Nullable PinnedGrant large;
    private int nextLarge;
    private long offset;
    private @Nullable PinnedGrant current;

    public ArgumentArea(ContextLink link, CommandQueue queue) {
        this.link = link;
        this.queue = queue;
        this.lock = new LinkLock(link.runtime());
        this.places = queue.capacity() + MOST_IN_FLIGHT;
    }

    /** Makes sure that there is memory for blocks of this size; may allocate it. */
    public void prepare(int bytes) {
        if ((bytes <= SMALL_BYTES ? small : large) != null) {
            return;
        }
        lock.lock();
        try {
            if (bytes <= SMALL_BYTES && small == null) {
                small = allocate(places * SMALL_BYTES);
            } else if (bytes > SMALL_BYTES && large == null) {
                large = allocate((long) LARGE_PLACES * LARGE_BYTES);
            }
        } finally {
            lock.unlock();
        }
    }

    private PinnedGrant allocate(long bytes) {
        return link.owner().allocatePinned(link.context(), bytes, Access.READ);
    }

    /**
     * Takes a place for the packet about to be submitted, the next of the turn's holder. Then {@link #memory}, {@link #offset}, {@link #address} say where.
     *
     * @return 0 if it is there; otherwise what the queue must have reached first, to be awaited outside the turn
     */
    public long claim(int bytes) {
        if (bytes <= SMALL_BYTES) {
            current = small;
            offset = queue.submitted() % places * SMALL_BYTES;
            return 0;
        }
        long usedUntil = largeUsedUntil[nextLarge];
        if (usedUntil != 0 && !queue.reached(usedUntil)) { // of a queue that has failed nothing is reached, not even its begin
            return usedUntil;
        }
        current = large;
        offset = (long) nextLarge * LARGE_BYTES;
        return 0;
    }

    /** The packet was submitted. */
    public void used(int bytes, long target) {
        if (bytes > SMALL_BYTES) {
            largeUsedUntil[nextLarge] = target;
            nextLarge = (nextLarge + 1) % LARGE_PLACES;
        }
    }

    public MemorySegment memory() {
        return claimed().memory();
    }

    public long offset() {
        return offset;
    }

    /** Virtual address. */
    public long address() {
        return claimed().address() + offset;
    }

    /** Gives the memory back; nothing may be in flight. */
    public void close() {
        release(small);
        release(large);
        small = null;
        large = null;
    }

    private PinnedGrant claimed() {
        PinnedGrant grant = current;
        if (grant == null) {
            throw new IllegalStateException("prepare and claim come first");
        }
        return grant;
    }

    private void release(@Nullable PinnedGrant grant) {
        if (grant != null) {
            link.owner().free(link.context(), grant.address());
        }
    }
}
