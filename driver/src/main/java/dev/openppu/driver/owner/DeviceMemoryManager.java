package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.driver.Failure;
import dev.openppu.driver.OutOfDeviceMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Hands out device memory by physical address, in 4 KiB pages, aligned to the largest page that fits so that big allocations take few entries. Thread-safe (nothing
 * inside waits).
 */
public final class DeviceMemoryManager {
    /** Sizes of pieces, largest first; the middle one keeps the number of pieces down where the memory is in splinters. */
    private static final long[] GRANULES = {PageTableEntry.pageBytes(1), 64L << 10, PageTableEntry.TABLE_BYTES};

    private final String device;
    private final long bytes;
    private final RangeAllocator ranges;
    private final TreeSet<Long> retired = new TreeSet<>();
    private long withheld;

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

    /**
     * Takes pages that need not be contiguous: in one piece if there is one, otherwise in as few and as large pieces as the free memory allows, those of 2 MiB and its multiples first, then of
     * 64 KiB, then of 4 KiB. So the pieces, one after the other, can be mapped with the largest pages that they allow.
     *
     * @param size bytes, a multiple of 4 KiB
     * @param object what for, for messages
     * @throws OutOfDeviceMemoryException if there is not as much free memory; nothing is taken then
     */
    public synchronized List<Piece> allocatePieces(long size, String object) {
        OptionalLong whole = ranges.allocate(size, alignment(size));
        if (whole.isPresent()) {
            return List.of(new Piece(whole.getAsLong(), size));
        }
        if (size > ranges.freeBytes()) {
            throw exhausted(size, object);
        }
        List<Piece> pieces = new ArrayList<>();
        long left = size;
        for (long granule : GRANULES) {
            left = gather(pieces, left, granule);
        }
        if (left > 0) {
            pieces.forEach(piece -> free(piece.address));
            throw exhausted(size, object);
        }
        return pieces;
    }

    private long gather(List<Piece> pieces, long wanted, long granule) {
        long left = wanted;
        long most = left;
        while (left >= granule && most >= granule) {
            long size = Math.min(Math.min(left, most), ranges.largest()) & -granule;
            OptionalLong address = size == 0 ? OptionalLong.empty() : ranges.allocate(size, granule);
            if (address.isPresent()) {
                pieces.add(new Piece(address.getAsLong(), size));
                left -= size;
            } else {
                most = size / 2;
            }
        }
        return left;
    }

    /** Pages that lie together. */
    public record Piece(long address, long bytes) {}

    public synchronized void free(long address) {
        long size = ranges.free(address);
        for (long page : retired.subSet(address, address + size)) {
            withheld += ranges.withhold(page, PageTableEntry.TABLE_BYTES) ? PageTableEntry.TABLE_BYTES : 0;
        }
    }

    /** Never hands out this page any more: from now on, or from when it is given back. */
    public synchronized void retire(long page) {
        long address = page & -PageTableEntry.TABLE_BYTES;
        if (address >= 0 && address < bytes && retired.add(address)) {
            withheld += ranges.withhold(address, PageTableEntry.TABLE_BYTES) ? PageTableEntry.TABLE_BYTES : 0;
        }
    }

    /** Bytes handed out; what is withheld does not count. */
    public synchronized long used() {
        return bytes - withheld - ranges.freeBytes();
    }

    /** Bytes that can be handed out in all. */
    public synchronized long total() {
        return bytes - withheld;
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
