package dev.openppu.hal.dma;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The device's view of host memory. A device reaches exactly the mapped ranges with the mapped rights; anything else is refused and leaves memory untouched.
 *
 * <p>Thread-safe.
 */
public interface DmaSpace {
    /** Mapping granularity in bytes, a power of two. */
    long pageSize();

    /** Usable IOVA ranges, ascending. */
    List<IovaRange> ranges();

    /**
     * Allocates zeroed, page-aligned host memory, pins it and maps it at an IOVA of the link's choice.
     *
     * @param bytes positive; rounded up to the page size
     * @throws dev.openppu.hal.LinkException if memory, IOVA space or a limit (memlock) is exhausted
     */
    DmaMapping allocate(long bytes, DmaAccess access);

    /**
     * Maps the caller's memory at an IOVA of the link's choice.
     *
     * @param memory native, page-aligned, a multiple of the page size; must outlive the mapping
     */
    DmaMapping map(MemorySegment memory, DmaAccess access);

    /**
     * Maps at a chosen IOVA.
     *
     * @throws dev.openppu.hal.LinkException if the range is unaligned, outside {@link #ranges()} or overlaps a mapping
     */
    DmaMapping map(MemorySegment memory, long iova, DmaAccess access);

    /**
     * Has {@code observer} told of every access of the device's from now on.
     *
     * @return {@code false}, and nothing is told, if accesses cannot be seen from here: the device reaches the memory by itself
     */
    default boolean observe(DmaObserver observer) {
        return false;
    }

    /** Both ends inclusive. */
    record IovaRange(long first, long last) {}
}
