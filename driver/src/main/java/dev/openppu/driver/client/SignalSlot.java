package dev.openppu.driver.client;

import java.lang.foreign.MemorySegment;

/**
 * A cache line of pinned memory for values that the device writes.
 *
 * @param memory the host's view
 * @param offset where in it, a multiple of {@link #BYTES}
 * @param address the same place's virtual address
 */
public record SignalSlot(MemorySegment memory, long offset, long address) {
    /** Bytes of a slot: one writer per line. */
    public static final long BYTES = 64;
}
