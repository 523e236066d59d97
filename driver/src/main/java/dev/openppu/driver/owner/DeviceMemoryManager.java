package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.driver.Failure;
import dev.openppu.driver.OutOfDeviceMemoryException;
import java.util.OptionalLong;

/**
 * Hands out device memory by physical address, in 4 KiB pages, aligned to the largest page that fits so that big allocations take few entries. Thread-safe (nothing
 * inside waits).
 */
public final class DeviceMemoryManager {
    private final String device;
    private final long bytes;
    private final RangeAllocator ranges;

    /** @param device for messages */
    public DeviceMemoryManager(String device, long bytes) {
        this.device = device;
        this.bytes = bytes;
        this.ranges = new RangeAllocator(0, bytes);
    }

    /**
     * Takes contiguous pages.
     *
     * @param size bytes, a multiple of 4 KiB
     * @param object what for, for messages
     * @throws OutOfDeviceMemoryException saying how much is free and how much in one piece
     */
    public synchronized long allocate(long size, String object) {
        OptionalLong address = ranges.allocate(size, alignment(size));
        if (address.isEmpty()) {
            address = ranges.allocate(size, PageTableEntry.TABLE_BYTES);
        }
        return address.orElseThrow(() -> exhausted(size, object));
    }

    public synchronized void free(long address) {
        ranges.free(address);
    }

    /** Bytes that can be handed out in all. */
    public long total() {
        return bytes;
    }

    /** Bytes handed out. */
    public synchronized long used() {
        return bytes - ranges.freeBytes();
    }

    /** The largest page size that an allocation of this size can use. */
    static long alignment(long size) {
        int level = PageTableEntry.HIGHEST_LEAF_LEVEL;
        while (PageTableEntry.pageBytes(level) > size && level > 0) {
            level--;
        }
        return PageTableEntry.pageBytes(level);
    }

    private OutOfDeviceMemoryException exhausted(long size, String object) {
        long free = ranges.freeBytes();
        long largest = ranges.largest();
        String what = "out of device memory: %,d bytes asked for, %,d of %,d free, %,d of them in one piece".formatted(size, free, bytes,
                largest);
        return new OutOfDeviceMemoryException(Failure.of(HgResult.OUT_OF_MEMORY, device, object, what, "free buffers, or ask for less"),
                size, free, largest);
    }
}
