package dev.openppu.driver.owner;

import java.util.Comparator;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Hands out ranges of an address interval, best fit, and joins freed neighbours. O(log n) but for alignment that wastes every block tried. Not thread-safe.
 */
public final class RangeAllocator {
    private final TreeMap<Long, Long> byAddress = new TreeMap<>();
    private final TreeSet<Block> bySize = new TreeSet<>(Comparator.comparingLong(Block::bytes).thenComparingLong(Block::address));
    private final TreeMap<Long, Long> taken = new TreeMap<>();
    private long freeBytes;

    private record Block(long address, long bytes) {}

    /** @param bytes length of the interval, positive */
    public RangeAllocator(long first, long bytes) {
        insert(first, bytes);
    }

    /**
     * Takes a range.
     *
     * @param alignment a power of two
     * @return its first address, or empty if no free block is big enough
     */
    public OptionalLong allocate(long bytes, long alignment) {
        if (bytes <= 0 || Long.bitCount(alignment) != 1) {
            throw new IllegalArgumentException(bytes + " bytes aligned to " + alignment);
        }
        Iterator<Block> candidates = bySize.tailSet(new Block(Long.MIN_VALUE, bytes), true).iterator();
        while (candidates.hasNext()) {
            Block block = candidates.next();
            long start = (block.address + alignment - 1) & -alignment;
            if (start - block.address <= block.bytes - bytes) {
                take(block, start, bytes);
                return OptionalLong.of(start);
            }
        }
        return OptionalLong.empty();
    }

    private void take(Block block, long start, long bytes) {
        remove(block);
        insert(block.address, start - block.address);
        insert(start + bytes, block.address + block.bytes - start - bytes);
        taken.put(start, bytes);
    }

    /** Takes a range at a place for good; {@code false} if any of it is taken. */
    public boolean withhold(long address, long bytes) {
        var entry = byAddress.floorEntry(address);
        if (entry == null || address - entry.getKey() > entry.getValue() - bytes) {
            return false;
        }
        Block block = new Block(entry.getKey(), entry.getValue());
        remove(block);
        insert(block.address, address - block.address);
        insert(address + bytes, block.address + block.bytes - address - bytes);
        return true;
    }

    /**
     * Gives a range back.
     *
     * @return its length
     * @throws IllegalArgumentException if no range begins there
     */
    public long free(long address) {
        Long bytes = taken.remove(address);
        if (bytes == null) {
            throw new IllegalArgumentException("no range begins at 0x" + Long.toHexString(address));
        }
        long first = address;
        long end = address + bytes;
        var before = byAddress.lowerEntry(address);
        if (before != null && before.getKey() + before.getValue() == first) {
            first = before.getKey();
            remove(new Block(before.getKey(), before.getValue()));
        }
        Long after = byAddress.get(end);
        if (after != null) {
            remove(new Block(end, after));
            end += after;
        }
        insert(first, end - first);
        return bytes;
    }

    /** Bytes not handed out. */
    public long freeBytes() {
        return freeBytes;
    }

    /** The largest free block. */
    public long largest() {
        return bySize.isEmpty() ? 0 : bySize.last().bytes;
    }

    /** Ranges handed out. */
    public int count() {
        return taken.size();
    }

    private void insert(long address, long bytes) {
        if (bytes > 0) {
            byAddress.put(address, bytes);
            bySize.add(new Block(address, bytes));
            freeBytes += bytes;
        }
    }

    private void remove(Block block) {
        byAddress.remove(block.address);
        bySize.remove(block);
        freeBytes -= block.bytes;
    }
}
