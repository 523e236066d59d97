package dev.openppu.hal.dma;

import java.lang.foreign.MemorySegment;

/** Where {@link HostPages} takes its memory from: zeros that take RAM when they are first written. Used by one thread at a time. */
public interface PageSource extends AutoCloseable {
    /**
     * @param bytes a multiple of the page size
     * @throws dev.openppu.hal.posix.PosixException if the address space, or a limit, is exhausted
     */
    MemorySegment reserve(long bytes);

    /** Whole pages of what {@link #reserve} gave: they take no RAM any more, and are zeros. */
    void discard(MemorySegment pages);

    /** Unmaps all of it. */
    @Override
    void close();
}
