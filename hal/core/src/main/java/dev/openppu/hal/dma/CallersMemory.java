package dev.openppu.hal.dma;

import dev.openppu.hal.LinkException;
import java.lang.foreign.MemorySegment;

/** What memory of the caller's must be to be mapped for a device. */
public final class CallersMemory {
    private CallersMemory() {}

    /** @throws LinkException if it is not native, writable, whole pages, and open to every thread */
    public static void require(MemorySegment memory, long pageSize) {
        if (!memory.isNative() || memory.isReadOnly()) {
            throw new LinkException("DMA needs native memory that may be written, not " + memory);
        }
        if (memory.byteSize() == 0 || memory.byteSize() % pageSize != 0 || memory.address() % pageSize != 0) {
            throw new LinkException(
                    "DMA memory must be page-aligned and a multiple of the page size %d, not %d bytes at alignment %d".formatted(pageSize,
                            memory.byteSize(), memory.address() & -memory.address()));
        }
        if (!memory.isAccessibleBy(new Thread(() -> {}))) {
            throw new LinkException("DMA memory is used by device threads: allocate it in a shared, automatic or global arena");
        }
    }
}
