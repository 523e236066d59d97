package dev.openppu.bench.line;

import dev.openppu.bench.contest.Allocation;
import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.host.OpenPpu;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.twin.MemoryTwin;
import dev.openppu.twin.TwinLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Copies through the whole driver and the model's copy engine by the synchronous calls, beside memcpy of the same; GB/s. Each is waited for, but for pageable memory to the
 * device, which returns when the source was read. Both go in turn through buffers larger than a core's caches, so neither copies what it has just copied.
 */
final class CopyContest implements Contest {
    private static final long BUFFER_BYTES = 64 << 20;

    private final int bytes;
    private final int copies;
    private final Ppu ppu = OpenPpu.at(OpenPpu.FREE_RUNNING);
    private final Context context = ppu.createContext();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment host = arena.allocate(BUFFER_BYTES, 4096);
    private final MemorySegment other = arena.allocate(BUFFER_BYTES, 4096);
    private final PinnedBuffer pinned = context.allocatePinned(BUFFER_BYTES);
    private final DeviceBuffer device = context.allocate(BUFFER_BYTES);
    private long at;

    /** @param bytes of one copy, a power of two, at most {@link #BUFFER_BYTES} */
    CopyContest(int bytes) {
        this.bytes = bytes;
        this.copies = (int) Math.max(1, (16L << 20) / bytes);
        host.fill((byte) 1);
        other.fill((byte) 2);
        pinned.segment().fill((byte) 3);
        context.copy(device, 0, pinned, 0, BUFFER_BYTES);
    }

    @Override
    public Round java() {
        long before = Allocation.bytes();
        double[] rates = {rate(pinned(true)), rate(pinned(false)), rate(pageable(true)), rate(pageable(false))};
        return Round.of((double) (Allocation.bytes() - before) / (copies * rates.length), rates);
    }

    private long pinned(boolean down) {
        long start = System.nanoTime();
        for (int i = 0; i < copies; i++) {
            long offset = next();
            if (down) {
                context.copy(device, offset, pinned, offset, bytes);
            } else {
                context.copy(pinned, offset, device, offset, bytes);
            }
        }
        return System.nanoTime() - start;
    }

    private long pageable(boolean down) {
        long start = System.nanoTime();
        for (int i = 0; i < copies; i++) {
            long offset = next();
            if (down) {
                context.copyToDevice(device, offset, host.asSlice(offset, bytes));
            } else {
                context.copyToHost(host.asSlice(offset, bytes), device, offset);
            }
        }
        return System.nanoTime() - start;
    }

    @Override
    public double[] c() {
        long nanos = 0;
        for (int i = 0; i < copies; i++) {
            long offset = next();
            nanos += MemoryTwin.copies(other.asSlice(offset, bytes), host.asSlice(offset, bytes), 1);
        }
        double rate = rate(nanos);
        return new double[]{rate, rate, rate, rate};
    }

    private double rate(long nanos) {
        return (double) copies * bytes / nanos;
    }

    private long next() {
        long offset = at;
        at = (at + bytes) % BUFFER_BYTES;
        return offset;
    }

    @Override
    public boolean comparable() {
        return TwinLibrary.absence().isEmpty();
    }

    @Override
    public void close() {
        ppu.close();
        arena.close();
    }
}
