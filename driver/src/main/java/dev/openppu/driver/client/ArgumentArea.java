package dev.openppu.driver.client;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Pinned memory for the parameter blocks of one queue. Small blocks have a place per slot of the ring; large ones share a few places in turn. A place is used
 * again when the packet that used it last has completed. One producer at a time, as the queue.
 */
public final class ArgumentArea {
    private static final int SMALL_BYTES = 256;
    private static final int LARGE_BYTES = (CodeLimits.MAX_PARAMETER_BYTES + 63) / 64 * 64;
    private static final int LARGE_PLACES = 4;

    private final ContextLink link;
    private final CommandQueue queue;
    private final long[] largeUsedUntil = new long[LARGE_PLACES];
    private @Nullable PinnedGrant small;
    private @Nullable PinnedGrant large;
    private int nextLarge;
    private long offset;
    private @Nullable PinnedGrant current;

    public ArgumentArea(ContextLink link, CommandQueue queue) {
        this.link = link;
        this.queue = queue;
    }

    /** Makes room for the parameters of the packet about to be submitted; may wait. Then {@link #memory}, {@link #offset}, {@link #address} say where. */
    public void claim(int bytes, long deadlineNanos) {
        long index = queue.submitted();
        if (bytes <= SMALL_BYTES) {
            small = grant(small, queue.capacity() * SMALL_BYTES);
            queue.await(Math.max(0, index + 1 - queue.capacity()), deadlineNanos);
            current = small;
            offset = (index & queue.capacity() - 1) * SMALL_BYTES;
        } else {
            large = grant(large, (long) LARGE_PLACES * LARGE_BYTES);
            queue.await(largeUsedUntil[nextLarge], deadlineNanos);
            largeUsedUntil[nextLarge] = index + 1;
            current = large;
            offset = (long) nextLarge * LARGE_BYTES;
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
            throw new IllegalStateException("claim comes first");
        }
        return grant;
    }

    private PinnedGrant grant(@Nullable PinnedGrant grant, long bytes) {
        return grant != null ? grant : link.owner().allocatePinned(link.context(), bytes, Access.READ);
    }

    private void release(@Nullable PinnedGrant grant) {
        if (grant != null) {
            link.owner().free(link.context(), grant.address());
        }
    }
}
