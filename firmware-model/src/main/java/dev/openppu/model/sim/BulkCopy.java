package dev.openppu.model.sim;

import java.lang.foreign.MemorySegment;

/** How a world copies bytes for its device. The ranges do not overlap; when it returns all of them are there, for the calling thread. */
@FunctionalInterface
public interface BulkCopy {
    void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes);
}
