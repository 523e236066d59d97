package dev.openppu.concurrency;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/** Native memory for the states of tests, of which a run makes millions: given out in turn, and again when the states that had it are long done with. Thread-safe. */
public final class Chunks {
    private static final int LINE = 64;
    /** Far more than all states that are alive at once have: {@code strideSize * strideCount} of them. */
    private static final long BYTES = 64L << 20;
    private static final MemorySegment ALL = Arena.global().allocate(BYTES, 4096);
    private static final AtomicLong NEXT = new AtomicLong();

    private Chunks() {}

    /** Zeroes, from the beginning of a cache line on. */
    public static MemorySegment next(long bytes) {
        long size = bytes + LINE - 1 & -LINE;
        while (true) {
            long at = NEXT.getAndAdd(size) % BYTES;
            if (at + size <= BYTES) {
                return ALL.asSlice(at, size).fill((byte) 0);
            }
        }
    }
}
