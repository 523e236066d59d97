package dev.openppu.bench.line;

import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.ServedPpu;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.twin.MemoryTwin;
import dev.openppu.twin.TwinLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Copies of pinned memory by the driver over a vfio-user link, each waited for, beside memcpy of the same; GB/s. All go in turn through buffers larger than a core's caches. */
final class LinkCopyContest implements Contest {
    private static final int BYTES = 1 << 20;
    private static final long BUFFER_BYTES = 32 << 20;

    private final int copies;
    private final ServedPpu served = new ServedPpu();
    private final Ppu ppu;
    private final Context context;
    private final PinnedBuffer pinned;
    private final DeviceBuffer device;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment source = arena.allocate(BUFFER_BYTES, 4096).fill((byte) 1);
    private final MemorySegment destination = arena.allocate(BUFFER_BYTES, 4096).fill((byte) 2);
    private long at;

    /**
     * @param options of the link
     * @param copies of a round, each way
     */
    LinkCopyContest(String options, int copies) {
        this.copies = copies;
        ppu = Ppu.open(served.open(options), PpuOptions.defaults());
        context = ppu.createContext();
        pinned = context.allocatePinned(BUFFER_BYTES);
        device = context.allocate(BUFFER_BYTES);
        pinned.segment().fill((byte) 3);
        context.copy(device, 0, pinned, 0, BUFFER_BYTES);
    }

    @Override
    public Round java() {
        return Round.withoutAllocation(rate(copies(true)), rate(copies(false)));
    }

    private long copies(boolean down) {
        long start = System.nanoTime();
        for (int i = 0; i < copies; i++) {
            long offset = next();
            if (down) {
                context.copy(device, offset, pinned, offset, BYTES);
            } else {
                context.copy(pinned, offset, device, offset, BYTES);
            }
        }
        return System.nanoTime() - start;
    }

    @Override
    public double[] c() {
        long nanos = 0;
        for (int i = 0; i < copies; i++) {
            long offset = next();
            nanos += MemoryTwin.copies(destination.asSlice(offset, BYTES), source.asSlice(offset, BYTES), 1);
        }
        return new double[]{rate(nanos), rate(nanos)};
    }

    private double rate(long nanos) {
        return (double) copies * BYTES / nanos;
    }

    private long next() {
        long offset = at;
        at = (at + BYTES) % BUFFER_BYTES;
        return offset;
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public void close() {
        ppu.close();
        served.close();
        arena.close();
    }
}
