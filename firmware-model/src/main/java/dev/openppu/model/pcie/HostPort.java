package dev.openppu.model.pcie;

import java.lang.foreign.MemorySegment;

/**
 * The device's way to the host: DMA through the IOMMU, and interrupts. Given to a {@link FunctionLogic} by the PCIe function.
 *
 * <p>Order (2.4.1): writes and interrupts are posted and arrive in the order they were sent; a read pushes every earlier posted write ahead of it. A request is
 * refused as a whole: nothing of it happens.
 *
 * <p>Called under the device's exclusion; the reads and writes also by offloaded work, whose accesses are ordered among themselves.
 */
public interface HostPort {

    /** Reads host memory. Refused: {@code destination} is all ones. An aligned read of 2, 4 or 8 bytes is one acquire load. */
    DmaResult read(long iova, MemorySegment destination);

    /** As {@link #read}, of many bytes; a refused one leaves {@code destination} as it is. */
    DmaResult fetch(long iova, MemorySegment destination);

    /** How many bytes from {@code iova} on, at most {@code bytes}, one request would be granted now; 0 if none. Nobody notes the question. */
    long granted(long iova, long bytes, boolean write);

    /**
     * Reads lines of 64 bytes, whose first 8 bytes are loaded first, by one acquire load: what was stored before these is seen in the rest of the line. Both the IOVA and
     * the length are multiples of 64. Refused: {@code destination} is all ones.
     */
    DmaResult readLines(long iova, MemorySegment destination);

    /**
     * Posts a write: the content is taken now and arrives later, in order. Refusal is known at once. An aligned write of 2, 4 or 8 bytes is one release store.
     */
    DmaResult write(long iova, MemorySegment source);

    /** Posts one store of 2 bytes, little-endian; {@code iova} must be 2-aligned. */
    DmaResult write16(long iova, int value);

    /** Posts one store of 4 bytes, little-endian; {@code iova} must be 4-aligned. */
    DmaResult write32(long iova, int value);

    /** Posts one store of 8 bytes, little-endian; {@code iova} must be 8-aligned. */
    DmaResult write64(long iova, long value);

    /** One acquire load of 4 bytes, little-endian; {@code iova} must be 4-aligned. */
    DmaResult read32(long iova, Completion completion);

    /** One acquire load of 8 bytes, little-endian; {@code iova} must be 8-aligned. */
    DmaResult read64(long iova, Completion completion);

    /** Sends the vector's MSI-X message behind the posted writes, or sets its pending bit while it is masked; nothing if MSI-X or bus mastering is off. */
    void interrupt(int vector);

    /** The device has no power any more, by its own doing or because it was taken: nothing answers and nothing is sent until a cold reset brings it back. */
    default void turnedOff() {}

    /** Software wrote the vector's entry in the MSI-X table: a pending message goes out if it is no longer masked. */
    void vectorChanged(int vector);
}
