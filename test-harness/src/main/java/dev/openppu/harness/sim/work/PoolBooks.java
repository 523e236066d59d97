package dev.openppu.harness.sim.work;

import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.MemoryPool.Statistics;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Stream;
import dev.openppu.harness.sim.check.Invariant;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** What has been taken of one pool, against what the pool says. Nobody but one tenant uses the pool; but who else waits in a shared context may have it give memory back. */
final class PoolBooks {
    private final Workbench bench;
    private final MemoryPool pool;
    private final Map<PooledBuffer, Long> taken = new IdentityHashMap<>();
    private final Map<Long, Stream> freedBy = new HashMap<>();
    private long used;
    private long usedHigh;
    /** The most that was seen reserved since the highest values began anew. */
    private long reservedHigh;

    PoolBooks(Workbench bench, MemoryPool pool) {
        this.bench = bench;
        this.pool = pool;
    }

    MemoryPool pool() {
        return pool;
    }

    /** Allocates. An allocation takes what it asked for in whole granules, or a block that is not more than twice as large. */
    PooledBuffer take(Step step, Stream stream, long bytes) {
        Statistics before = pool.statistics();
        PooledBuffer buffer = stream.allocateAsync(bytes, pool);
        Statistics after = pool.statistics();
        long block = after.usedCurrent() - used;
        long asked = Math.ceilDiv(bytes, MemoryPool.GRANULARITY) * MemoryPool.GRANULARITY;
        require(step, block >= asked && block / 2 <= asked, "%s takes %d bytes of %s".formatted(buffer, block, pool),
                "%d to twice that".formatted(asked));
        boolean again = after.reservedCurrent() == before.reservedCurrent();
        Stream last = freedBy.remove(buffer.address());
        if (bench.alone() && again && pool.reuse().isEmpty()) {
            require(step, last == stream, "%s in %s is memory that was freed in %s".formatted(buffer, stream, last),
                    "of this stream or new: nothing else may be used again");
        }
        taken.put(buffer, block);
        used += block;
        usedHigh = Math.max(usedHigh, used);
        reservedHigh = Math.max(reservedHigh, after.reservedCurrent());
        requireTrue(step);
        return buffer;
    }

    /** A buffer of the pool was freed in the stream. */
    void gave(Step step, Stream stream, PooledBuffer buffer) {
        Long block = taken.remove(buffer);
        if (block != null) {
            used -= block;
            freedBy.put(buffer.address(), stream);
        }
        requireTrue(step);
    }

    /** Gives back what is idle down to so much. What is in use stays, and so does what is not more than that. */
    void trim(Step step, long keep) {
        Statistics before = pool.statistics();
        pool.trimTo(keep);
        long kept = pool.statistics().reservedCurrent();
        if (bench.alone()) {
            boolean little = before.reservedCurrent() <= keep;
            require(step, kept <= before.reservedCurrent() && (!little || kept == before.reservedCurrent()),
                    "%s with %d bytes, trimmed to %d, has %d".formatted(pool, before.reservedCurrent(), keep, kept),
                    "no more, and all of it if it is not more than that");
        }
        pool.resetHighs();
        usedHigh = used;
        Statistics anew = pool.statistics();
        reservedHigh = anew.reservedCurrent();
        if (bench.alone()) {
            require(step, anew.reservedHigh() == reservedHigh, "%s, whose highest values begin anew, has %s".formatted(pool, anew),
                    "the highest as the present ones");
        }
        requireTrue(step);
    }

    /** @param now what the pool said when nothing was under way and somebody had waited */
    void requireReleased(Step step, Statistics now) {
        require(step, now.reservedCurrent() <= Math.max(pool.releaseThreshold(), used),
                "%s keeps %d bytes, %d of them in use, when somebody has waited".formatted(pool, now.reservedCurrent(), used),
                "no more than its release threshold of " + pool.releaseThreshold());
        requireTrue(step);
    }

    private void requireTrue(Step step) {
        Statistics now = pool.statistics();
        require(step,
                now.usedCurrent() == used && now.usedHigh() == usedHigh && now.reservedCurrent() >= used
                        && now.reservedHigh() >= Math.max(reservedHigh, now.reservedCurrent()),
                "%s has %s".formatted(pool, now),
                "%d bytes in use, %d at most, all of them reserved; no less than %d reserved at most".formatted(used, usedHigh,
                        reservedHigh));
    }

    private void require(Step step, boolean holds, String seen, String expected) {
        if (!holds) {
            bench.rules().broken(Invariant.LEAKS, step + ": " + seen, expected);
        }
    }
}
