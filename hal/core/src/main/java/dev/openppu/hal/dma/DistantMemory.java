package dev.openppu.hal.dma;

import java.lang.foreign.MemorySegment;

/**
 * Memory that a device may reach and that cannot be mapped here: each access is a request to whoever holds it, and waits for the answer. Thread-safe.
 *
 * <p>An aligned access of 2, 4 or 8 bytes is a single one there as well, as far as its holder can tell.
 */
public interface DistantMemory {

    /**
     * Reads from {@code offset} on until {@code destination} is full.
     *
     * @return {@code false} if its holder refuses, or is gone: {@code destination} may be anything then
     */
    boolean read(long offset, MemorySegment destination);

    /**
     * Writes all of {@code source} from {@code offset} on; when it returns whoever holds the memory sees it.
     *
     * @return {@code false} if its holder refuses, or is gone: some of it may have been written
     */
    boolean write(long offset, MemorySegment source);
}
