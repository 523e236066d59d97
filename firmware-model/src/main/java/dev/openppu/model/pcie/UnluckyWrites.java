package dev.openppu.model.pcie;

import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.FaultSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The function's writes to host memory on their way to the queue of posted writes, where they may meet what a fault has in store for them: late, torn, out of order,
 * twice, or damaged. What is written behind them, a completion signal above all, does not overtake them, whatever happens.
 */
final class UnluckyWrites {
    private static final long LATEST_NANOS = 200_000;
    private static final int MOST_LINES = 64;

    private final PostedWrites posted;
    private final FaultPlan faults;
    private final boolean simulated;

    /** @param simulated writes take time; else they arrive at once, and are neither late nor torn */
    UnluckyWrites(PostedWrites posted, FaultPlan faults, boolean simulated) {
        this.posted = posted;
        this.faults = faults;
        this.simulated = simulated;
    }

    void post(long iova, int bytes, long value) {
        delay();
        long flipped = strikes(FaultPoint.DMA_FLIPPED);
        long stored = flipped == FaultSource.NOTHING ? value : value ^ 1L << Long.remainderUnsigned(flipped, 8L * bytes);
        posted.post(iova, bytes, stored);
        if (strikes(FaultPoint.DMA_DUPLICATED) != FaultSource.NOTHING) {
            posted.post(iova, bytes, stored);
        }
    }

    void post(long iova, MemorySegment content) {
        delay();
        long flipped = strikes(FaultPoint.DMA_FLIPPED);
        MemorySegment sent = flipped == FaultSource.NOTHING ? content : flipped(content, flipped);
        postOnce(iova, sent);
        if (strikes(FaultPoint.DMA_DUPLICATED) != FaultSource.NOTHING) {
            posted.post(iova, sent);
        }
    }

    private void postOnce(long iova, MemorySegment content) {
        long inFirstLine = Math.min(content.byteSize(), HostStores.LINE - iova % HostStores.LINE);
        if (inFirstLine == content.byteSize()) {
            posted.post(iova, content);
            return;
        }
        long torn = strikes(FaultPoint.DMA_TORN);
        if (torn != FaultSource.NOTHING) {
            long lines = (content.byteSize() - inFirstLine - 1) / HostStores.LINE + 1;
            long first = inFirstLine + Long.remainderUnsigned(torn >>> 8, lines) * HostStores.LINE;
            posted.post(iova, content.asSlice(0, first));
            holdUp(torn);
            posted.post(iova + first, content.asSlice(first));
        } else if (strikes(FaultPoint.DMA_REORDERED) != FaultSource.NOTHING) {
            postBackwards(iova, content, inFirstLine);
        } else {
            posted.post(iova, content);
        }
    }

    /** The last lines first, the rest behind them in one piece. */
    private void postBackwards(long iova, MemorySegment content, long inFirstLine) {
        long end = content.byteSize();
        for (int lines = 0; lines < MOST_LINES && end > inFirstLine; lines++) {
            long begin = Math.max(inFirstLine, (end - 1 - inFirstLine) / HostStores.LINE * HostStores.LINE + inFirstLine);
            posted.post(iova + begin, content.asSlice(begin, end - begin));
            end = begin;
        }
        posted.post(iova, content.asSlice(0, end));
    }

    private void delay() {
        long late = strikes(FaultPoint.DMA_LATE);
        if (late != FaultSource.NOTHING) {
            holdUp(late);
        }
    }

    private void holdUp(long dice) {
        if (simulated) {
            posted.holdUp(Long.remainderUnsigned(dice >>> 16, LATEST_NANOS));
        }
    }

    private long strikes(FaultPoint point) {
        return faults.strikes(point);
    }

    private static MemorySegment flipped(MemorySegment content, long dice) {
        byte[] bytes = content.toArray(ValueLayout.JAVA_BYTE);
        bytes[(int) Long.remainderUnsigned(dice >>> 3, bytes.length)] ^= (byte) (1 << (dice & 7));
        return MemorySegment.ofArray(bytes);
    }
}
