package dev.openppu.hal.dma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where {@link HostPages} takes its memory from: zeros that take RAM when they are first written. Thread-safe. */
public interface PageSource {
    /**
     * @param bytes a multiple of the page size
     * @param arena unmaps it
     * @throws dev.openppu.hal.posix.PosixException if the address space, or a limit, is exhausted
     */
    MemorySegment reserve(long bytes, Arena arena);

    /** Whole pages of what {@link #reserve} gave: they take no RAM any more, and are zeros. */
    void discard(MemorySegment pages);
}
