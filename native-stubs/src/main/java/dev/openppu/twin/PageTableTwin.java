package dev.openppu.twin;

import java.lang.foreign.MemorySegment;

/** A C driver that builds page tables (docs/device.md, section 6), with a copy on the host, in 4 KiB pages. */
public final class PageTableTwin {
    private PageTableTwin() {}

    /**
     * Builds the tables of one mapping from nothing.
     *
     * @param memory device memory, native; the tables go to its beginning, the root first
     * @return nanoseconds
     */
    public static long map(MemorySegment memory, long address, long target, long bytes, long flags) {
        long nanos = TwinCalls.mapPages(memory, address, target, bytes, flags);
        if (nanos < 0) {
            throw new IllegalStateException("no room for the tables in " + memory.byteSize() + " bytes");
        }
        return nanos;
    }
}
