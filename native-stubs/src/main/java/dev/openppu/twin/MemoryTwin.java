package dev.openppu.twin;

import java.lang.foreign.MemorySegment;

/** The C library's {@code memcpy}. */
public final class MemoryTwin {
    private MemoryTwin() {}

    /** Copies {@code source} {@code count} times; answers nanoseconds for all. Both segments are native. */
    public static long copies(MemorySegment destination, MemorySegment source, long count) {
        if (destination.byteSize() < source.byteSize()) {
            throw new IllegalArgumentException("%d bytes do not fit into %d".formatted(source.byteSize(), destination.byteSize()));
        }
        return TwinCalls.copies(destination, source, source.byteSize(), count);
    }
}
