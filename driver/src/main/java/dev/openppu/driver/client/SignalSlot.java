package dev.openppu.driver.client;

import dev.openppu.abi.packet.Signal;
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

    /** The slot's first 8 bytes. */
    MemorySegment word() {
        return memory.asSlice(offset, Long.BYTES);
    }

    /**
     * The 8 bytes at {@code within} of the slot, by an acquire load; {@link Signal#FAILED} once the memory was taken back, which a waiter may see before it sees that
     * its object was closed.
     */
    public long acquire(int within) {
        try {
            return Signal.acquire(memory, offset + within);
        } catch (IllegalStateException e) {
            return Signal.FAILED;
        }
    }
}
