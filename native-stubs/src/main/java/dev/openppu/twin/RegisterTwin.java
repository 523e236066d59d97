package dev.openppu.twin;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A C driver's {@code readl} and {@code writel}, out of line, on a mapped BAR that a structure holds. Times are nanoseconds for all of {@code count}. */
public final class RegisterTwin {
    private final MemorySegment device;
    private final MemorySegment sum;

    /** @param bar native memory; it must outlive the twin's use */
    public RegisterTwin(MemorySegment bar) {
        Arena arena = Arena.ofAuto();
        device = arena.allocate(ValueLayout.ADDRESS);
        device.set(ValueLayout.ADDRESS, 0, bar);
        sum = arena.allocate(ValueLayout.JAVA_INT);
    }

    public long reads(long offset, long count) {
        return TwinCalls.registerReads(device, offset, count, sum);
    }

    public long writes(long offset, long count) {
        return TwinCalls.registerWrites(device, offset, count);
    }

    /** The sum of what the last {@link #reads} read. */
    public int sum() {
        return sum.get(ValueLayout.JAVA_INT, 0);
    }
}
