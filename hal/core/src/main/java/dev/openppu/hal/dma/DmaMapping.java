package dev.openppu.hal.dma;

import java.lang.foreign.MemorySegment;

/** Host memory mapped for a device. {@link #close()} unmaps: when it returns the device has stopped using the range and can no longer reach it. */
public interface DmaMapping extends AutoCloseable {
    /** The I/O virtual address of the first byte. */
    long iova();

    /** Bytes. */
    long size();

    DmaAccess access();

    /** The host's view of the same bytes; usable until the mapping is closed if it came from {@link DmaSpace#allocate}, else as long as the caller's memory. */
    MemorySegment memory();

    /** Idempotent. */
    @Override
    void close();
}
