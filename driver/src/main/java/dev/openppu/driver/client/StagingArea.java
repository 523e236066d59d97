package dev.openppu.driver.client;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Pinned chunks through which copies of ordinary host memory go: while the engine works on one, the host fills or empties another. Allocated when first needed, shared by the
 * streams of a channel. Thread-safe.
 */
public final class StagingArea {
    /** Big enough that a packet's cost does not show. */
    public static final int CHUNK_BYTES = 128 * 1024;
    /** How many there are: few enough that they stay in a cache. */
    public static final int CHUNKS = 8;
    /** One page of the device's covers them. */
    private static final long AREA_BYTES = PageTableEntry.pageBytes(1);

    private final ContextLink link;
    private final LinkLock lock;
    private final AtomicReferenceArray<Use> uses = new AtomicReferenceArray<>(CHUNKS);
    private volatile @Nullable PinnedGrant memory;

    /** Whether a chunk is in use: by the host, or by a packet until it has completed. */
    private sealed interface Use {
        boolean over();
    }

    private enum Simple implements Use {
        FREE, HOST;

        @Override
        public boolean over() {
            return this == FREE;
        }
    }

    private record Packet(Mark end) implements Use {
        @Override
        public boolean over() {
            return end.reached() || end.channel().queue().stopped();
        }
    }

    public StagingArea(ContextLink link) {
        this.link = link;
        this.lock = new LinkLock(link.runtime());
        for (int i = 0; i < CHUNKS; i++) {
            uses.set(i, Simple.FREE);
        }
    }

    /** A chunk. */
    public record Chunk(int index, MemorySegment memory, long address) {}

    /** A chunk that nobody uses, or null. {@link #inUse} or {@link #giveBack} follows. */
    public @Nullable Chunk tryClaim() {
        lock.lock();
        try {
            for (int i = 0; i < CHUNKS; i++) {
                if (uses.get(i).over()) {
                    Chunk chunk = chunk(i);
                    uses.set(i, Simple.HOST);
                    return chunk;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** A chunk, as soon as there is one. */
    public Chunk claim(long deadlineNanos) {
        while (true) {
            Chunk chunk = tryClaim();
            if (chunk != null) {
                return chunk;
            }
            StageScope.refuseWait(link.device(), "context " + link.number());
            if (!link.await("context " + link.number(), this::anyOver, deadlineNanos, WaitPolicy.SLEEP, Wakeup.any())) {
                throw link.timeout("context " + link.number(), "all staging chunks of a stream stayed in use",
                        "wait for copies in flight, or give it longer");
            }
        }
    }

    private boolean anyOver() {
        for (int i = 0; i < CHUNKS; i++) {
            if (uses.get(i).over()) {
                return true;
            }
        }
        return false;
    }

    private Chunk chunk(int index) {
        PinnedGrant grant = memory;
        if (grant == null) {
            grant = link.owner().allocatePinned(link.context(), AREA_BYTES, Access.READ_WRITE);
            memory = grant;
        }
        long offset = (long) index * CHUNK_BYTES;
        return new Chunk(index, grant.memory().asSlice(offset, CHUNK_BYTES), grant.address() + offset);
    }

    /** The chunk is free when {@code end} is reached. */
    public void inUse(Chunk chunk, Mark end) {
        uses.set(chunk.index(), new Packet(end));
    }

    /** The chunk is free. */
    public void giveBack(Chunk chunk) {
        uses.set(chunk.index(), Simple.FREE);
        link.runtime().wake();
    }

    /** Whether nobody uses any chunk. */
    boolean idle() {
        for (int i = 0; i < CHUNKS; i++) {
            if (!uses.get(i).over()) {
                return false;
            }
        }
        return true;
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
