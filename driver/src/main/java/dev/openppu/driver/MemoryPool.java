package dev.openppu.driver;

import dev.openppu.driver.client.Mark;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.sync.LinkLock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Device memory that streams allocate and free in their order ({@link Stream#allocateAsync}, {@link Stream#freeAsync}). What was freed stays reserved for the next allocation;
 * when somebody waits for work of the context (its, a stream's, an event's {@code synchronize}), what is reserved and unused beyond the release threshold goes back to the
 * device. Thread-safe.
 *
 * <p>A pool belongs to a context, because addresses do; every context has a default pool, and the primary context's is the device's.
 */
public final class MemoryPool implements AutoCloseable {
    /** Allocations are rounded up to it. */
    public static final long GRANULARITY = 64L << 10;

    private final Context context;
    private final MemoryPools pools;
    private final boolean byDefault;
    private final LinkLock lock;
    private final List<Block> idle = new ArrayList<>();
    private final EnumSet<PoolReuse> reuse = EnumSet.allOf(PoolReuse.class);
    private volatile long threshold;
    private volatile boolean closed;
    private long reserved;
    private long reservedHigh;
    private long used;
    private long usedHigh;

    /**
     * Reserved and unused: usable in {@code stream} at once, elsewhere from {@code freed} on.
     *
     * @param free number of the free among those of the stream, 0 for none
     */
    private record Block(long address, long bytes, Stream stream, Mark freed, long free) {
        /** What the stream submits comes behind the free. */
        boolean isBefore(Stream other) {
            return stream == other || other.freesBefore().contains(stream.id(), free);
        }
    }

    /**
     * @param reservedCurrent bytes that the pool holds of the device
     * @param reservedHigh the most there were since the last {@link #resetHighs}
     * @param usedCurrent bytes of them that are allocated
     * @param usedHigh the most there were
     */
    public record Statistics(long reservedCurrent, long reservedHigh, long usedCurrent, long usedHigh) {}

    MemoryPool(Context context, MemoryPools pools, boolean byDefault) {
        this.context = context;
        this.pools = pools;
        this.byDefault = byDefault;
        this.lock = new LinkLock(context.link().runtime());
    }

    public Context context() {
        return context;
    }

    /** Unused bytes that stay reserved when somebody waits; 0 at first. */
    public long releaseThreshold() {
        return threshold;
    }

    public void setReleaseThreshold(long bytes) {
        requireUsable();
        if (bytes < 0) {
            throw context.link().invalid(toString(), "a release threshold of " + bytes, "give 0 or more; Long.MAX_VALUE keeps all");
        }
        threshold = bytes;
    }

    /** Whose freed memory an allocation may take; all at first. */
    public Set<PoolReuse> reuse() {
        lock.lock();
        try {
            return Set.copyOf(reuse);
        } finally {
            lock.unlock();
        }
    }

    public void setReuse(Set<PoolReuse> allowed) {
        requireUsable();
        lock.lock();
        try {
            reuse.clear();
            reuse.addAll(allowed);
        } finally {
            lock.unlock();
        }
    }

    public Statistics statistics() {
        lock.lock();
        try {
            return new Statistics(reserved, reservedHigh, used, usedHigh);
        } finally {
            lock.unlock();
        }
    }

    /** The highest values begin anew from the present ones. */
    public void resetHighs() {
        HostFunctionScope.refuseCalls();
        lock.lock();
        reservedHigh = reserved;
        usedHigh = used;
        lock.unlock();
    }

    /** Gives unused memory, whose last work has ended, back to the device until at most so many bytes are reserved. */
    public void trimTo(long bytes) {
        requireUsable();
        if (bytes < 0) {
            throw context.link().invalid(toString(), "a trim to " + bytes, "give 0 or more");
        }
        release(bytes);
    }

    PooledBuffer allocate(Stream stream, long size) {
        requireUsable();
        if (size < 1) {
            throw context.link().invalid(toString(), "an allocation of " + size + " bytes", "ask for 1 or more");
        }
        long bytes = Math.min(Math.ceilDiv(size, GRANULARITY), Long.MAX_VALUE / GRANULARITY) * GRANULARITY; // more than there is either way
        lock.lock();
        try {
            Block block = reusable(stream, bytes).orElse(null);
            if (block == null) {
                block = new Block(reserve(bytes), bytes, stream, stream.mark(), 0);
            } else {
                idle.remove(block);
                if (!block.isBefore(stream)) {
                    stream.waitFor(block.freed);
                }
            }
            used += block.bytes;
            usedHigh = Math.max(usedHigh, used);
            return new PooledBuffer(this, block.address, size, block.bytes);
        } finally {
            lock.unlock();
        }
    }

    /** The smallest that fits and is not more than twice as large, of this stream rather than of others, and rather without a wait than with one. */
    private Optional<Block> reusable(Stream stream, long bytes) {
        return idle.stream().filter(block -> block.bytes >= bytes && block.bytes / 2 <= bytes).filter(block -> mayTake(stream, block))
                .min(Comparator.comparingLong(Block::bytes).thenComparing(block -> block.stream != stream)
                        .thenComparing(block -> !block.isBefore(stream)));
    }

    private boolean mayTake(Stream stream, Block block) {
        return block.stream == stream || reuse.contains(PoolReuse.ALLOW_INTERNAL_DEPENDENCIES)
                || reuse.contains(PoolReuse.FOLLOW_EVENT_DEPENDENCIES) && block.isBefore(stream)
                || reuse.contains(PoolReuse.ALLOW_OPPORTUNISTIC) && block.freed.reached();
    }

    private long reserve(long bytes) {
        long address;
        try {
            address = context.link().owner().allocateDevice(context.link().context(), bytes, Access.READ_WRITE).address();
        } catch (OutOfDeviceMemoryException e) {
            if (!releaseUntil(0)) {
                throw e;
            }
            address = context.link().owner().allocateDevice(context.link().context(), bytes, Access.READ_WRITE).address();
        }
        reserved += bytes;
        reservedHigh = Math.max(reservedHigh, reserved);
        return address;
    }

    /** {@code buffer} is unused from this point of the stream on. */
    void free(PooledBuffer buffer, Stream stream, Mark end) {
        lock.lock();
        try {
            used -= buffer.reserved();
            idle.add(new Block(buffer.address(), buffer.reserved(), stream, end, stream.noteFree()));
        } finally {
            lock.unlock();
        }
    }

    /** Somebody waited for work of the context. */
    void waited() {
        long keep = closed ? 0 : threshold;
        if (reserved > keep) { // a glance: whoever frees meanwhile is seen at the next wait
            release(keep);
        }
    }

    private void release(long keep) {
        lock.lock();
        try {
            releaseUntil(keep);
            if (closed && reserved == 0) {
                pools.emptied(this);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean releaseUntil(long keep) {
        boolean any = false;
        for (Block block : List.copyOf(idle)) {
            if (reserved > keep && block.freed.reached()) {
                idle.remove(block);
                reserved -= block.bytes;
                context.link().owner().free(context.link().context(), block.address);
                any = true;
            }
        }
        return any;
    }

    /** Takes no more allocations; memory still allocated goes back to the device when it was freed and somebody waits. Idempotent. A default pool is not closed: INVALID_VALUE (1). */
    @Override
    public void close() {
        HostFunctionScope.refuseCalls();
        if (byDefault) {
            throw context.link().invalid(toString(), "a default pool is not closed", "close its context");
        }
        closed = true;
        pools.closed(this);
        if (!context.closed()) {
            release(0);
        }
    }

    void requireUsable() {
        HostFunctionScope.refuseCalls();
        context.link().requireAlive();
        if (closed) {
            throw context.link().closed(toString());
        }
    }

    @Override
    public String toString() {
        return (byDefault ? "default memory pool of context " : "memory pool of context ") + context.id();
    }
}
