package dev.openppu.model.compute;

import dev.openppu.abi.code.BarrierOperation;
import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.error.FaultMapping;

/** The 16 barriers of a block. Warps arrive as a whole: when every lane that has not exited is there. */
final class Barriers {
    private static final int COUNT = CodeLimits.BARRIERS;
    /** A barrier that waits for every warp of the block. */
    static final int ALL_THREADS = 0;

    private final BlockExecution block;
    private final boolean[] open = new boolean[COUNT];
    private final int[] threads = new int[COUNT];
    private final boolean[] reducing = new boolean[COUNT];
    /** Bit per warp that has arrived. */
    private final long[] arrived = new long[COUNT];
    private final int[] population = new int[COUNT];
    private final boolean[] all = new boolean[COUNT];
    private final boolean[] any = new boolean[COUNT];

    Barriers(BlockExecution block) {
        this.block = block;
    }

    /**
     * Lanes of one path come to a barrier; the path then waits there.
     *
     * @param expected threads that take part, {@link #ALL_THREADS} for the whole block
     * @param votes predicate bits of the lanes, for a reduction
     */
    void arrive(Warp warp, int path, int barrier, int expected, BarrierOperation operation, int votes) throws DeviceTrap {
        boolean reduction = operation.code() >= BarrierOperation.RED_POPC.code();
        if (!open[barrier]) {
            open(barrier, expected, reduction);
        }
        boolean again = (arrived[barrier] >>> warp.number & 1) != 0;
        if (threads[barrier] != expected || reducing[barrier] != reduction || again) {
            throw new DeviceTrap(FaultMapping.KERNEL_INVALID_BARRIER, -1);
        }
        int lanes = warp.paths.lanes(path);
        population[barrier] += Integer.bitCount(votes & lanes);
        all[barrier] &= (votes & lanes) == lanes;
        any[barrier] |= (votes & lanes) != 0;
        warp.paths.waitAtBarrier(path, barrier);
        settle(warp, barrier);
    }

    private void open(int barrier, int expected, boolean reduction) {
        open[barrier] = true;
        threads[barrier] = expected;
        reducing[barrier] = reduction;
        arrived[barrier] = 0;
        population[barrier] = 0;
        all[barrier] = true;
        any[barrier] = false;
    }

    /** Lanes of a warp have exited: what waited for them may now be complete. */
    void lanesExited(Warp warp) {
        for (int barrier = 0; barrier < COUNT; barrier++) {
            if (open[barrier]) {
                settle(warp, barrier);
            }
        }
    }

    private void settle(Warp warp, int barrier) {
        Paths paths = warp.paths;
        int waiting = 0;
        for (int path = 0; path < paths.count(); path++) {
            if (paths.isAtBarrier(path, barrier)) {
                waiting |= paths.lanes(path);
            }
        }
        if (waiting != 0 && waiting == warp.live) {
            arrived[barrier] |= 1L << warp.number;
            releaseArrivers(warp, barrier);
        }
        if (isComplete(barrier)) {
            complete(barrier);
        }
    }

    private boolean isComplete(int barrier) {
        if (threads[barrier] != ALL_THREADS) {
            return Long.bitCount(arrived[barrier]) * CodeLimits.WARP_SIZE >= threads[barrier];
        }
        long alive = block.liveWarps();
        return (arrived[barrier] & alive) == alive;
    }

    private static void releaseArrivers(Warp warp, int barrier) {
        Paths paths = warp.paths;
        for (int path = 0; path < paths.count(); path++) {
            if (paths.isAtBarrier(path, barrier) && warp.barrierAt(path).arrivesOnly()) {
                paths.release(path);
            }
        }
    }

    private void complete(int barrier) {
        open[barrier] = false;
        for (Warp warp : block.warps()) {
            Paths paths = warp.paths;
            for (int path = 0; path < paths.count(); path++) {
                if (paths.isAtBarrier(path, barrier)) {
                    warp.barrierAt(path).finish(warp, paths.lanes(path), population[barrier], all[barrier], any[barrier]);
                    paths.release(path);
                }
            }
        }
    }
}
