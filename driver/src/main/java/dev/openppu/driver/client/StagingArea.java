package dev.openppu.driver.client;

import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Pinned chunks through which copies of ordinary host memory go, in turn: while the engine works on one, the host fills or empties another. One producer at a time,
 * as the queue.
 */
public final class StagingArea {
    /** Big enough that a packet's cost does not show, small enough to stay in a cache. */
    public static final int CHUNK_BYTES = 256 * 1024;
    private static final int CHUNKS = 4;

    private final ContextLink link;
    private final CommandQueue queue;
    private final long[] usedUntil = new long[CHUNKS];
    private @Nullable PinnedGrant memory;
    private int next;

    public StagingArea(ContextLink link, CommandQueue queue) {
        this.link = link;
        this.queue = queue;
    }

    /** A chunk. */
    public record Chunk(int index, MemorySegment memory, long address) {}

    /** How many chunks can be in flight. */
    public int chunks() {
        return CHUNKS;
    }

    /** The next chunk in turn, after the packet that used it last has completed. */
    public Chunk claim(long deadlineNanos) {
        PinnedGrant grant = memory;
        if (grant == null) {
            grant = link.owner().allocatePinned(link.context(), (long) CHUNKS * CHUNK_BYTES, Access.READ_WRITE);
            memory = grant;
        }
        int index = next;
        queue.await(usedUntil[index], deadlineNanos);
        next = (index + 1) % CHUNKS;
        long offset = (long) index * CHUNK_BYTES;
        return new Chunk(index, grant.memory().asSlice(offset, CHUNK_BYTES), grant.address() + offset);
    }

    /** Says which packet uses the chunk. */
    public void inUse(Chunk chunk, long target) {
        usedUntil[chunk.index()] = target;
    }

    /** Gives the memory back; nothing may be in flight. */
    public void close() {
        PinnedGrant grant = memory;
        if (grant != null) {
            link.owner().free(link.context(), grant.address());
            memory = null;
        }
    }
}
