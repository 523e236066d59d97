package dev.openppu.model.memory;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MmuScope;
import java.util.Arrays;

/**
 * A translation lookaside buffer of one engine: set-associative, holding valid leaves of any page size until they are invalidated or replaced. It never looks
 * at the tables again by itself, so an entry may be stale, as in hardware.
 *
 * <p>Thread-safe.
 */
public final class Tlb {
    private static final int WAYS = 4;
    private static final int LEVELS = PageTableEntry.HIGHEST_LEAF_LEVEL + 1;
    private static final long NO_TAG = 0;

    private final int setMask;
    private final long[] tags;
    private final long[] leaves;
    private final int[] held = new int[LEVELS];
    private long random;
    private long hits;
    private long misses;
    private long besides;

    /**
     * @param entries capacity, a power of two, at least 4
     * @param seed decides which entry is replaced
     */
    public Tlb(int entries, long seed) {
        if (entries < WAYS || Integer.bitCount(entries) != 1) {
            throw new IllegalArgumentException("a TLB of " + entries + " entries");
        }
        setMask = entries / WAYS - 1;
        tags = new long[entries];
        leaves = new long[entries];
        random = seed | 1;
    }

    /** Completes {@code translation} from a held entry; returns whether there was one. Rights are checked against the entry as it was when it was walked. */
    synchronized boolean lookUp(int context, Translation translation) {
        long address = translation.virtualAddress();
        for (int level = 0; level < LEVELS; level++) {
            if (held[level] != 0) {
                int slot = find(tag(context, address, level));
                if (slot >= 0) {
                    hits++;
                    translation.leaf(level, leaves[slot]);
                    return true;
                }
            }
        }
        misses++;
        return false;
    }

    /** Keeps a leaf that was just walked. */
    synchronized void hold(int context, Translation translation) {
        long tag = tag(context, translation.virtualAddress(), translation.level());
        int first = firstSlot(tag);
        int slot = freeWay(first);
        if (slot < 0) {
            random = random * 6364136223846793005L + 1442695040888963407L;
            slot = first + (int) (random >>> 33) % WAYS;
            drop(slot);
        }
        tags[slot] = tag;
        leaves[slot] = translation.entry();
        held[translation.level()]++;
    }

    /** Drops what {@code scope} covers. */
    public synchronized void invalidate(MmuScope scope, int context, long address) {
        if (scope == MmuScope.ALL) {
            clear();
            return;
        }
        for (int slot = 0; slot < tags.length; slot++) {
            long tag = tags[slot];
            if (tag != NO_TAG && context(tag) == context && (scope == MmuScope.CONTEXT || tag == tag(context, address, level(tag)))) {
                drop(slot);
            }
        }
    }

    /** Drops everything. */
    public synchronized void clear() {
        Arrays.fill(tags, NO_TAG);
        Arrays.fill(held, 0);
    }

    /** A translation was found that the engine keeps beside this buffer: only by the engine that owns it, under the exclusion. */
    void hitBeside() {
        besides++;
    }

    /** Begins anew, as after a reset. */
    synchronized void reset() {
        clear();
        resetCounts();
    }

    /** Counts from 0 again. */
    synchronized void resetCounts() {
        hits = 0;
        besides = 0;
        misses = 0;
    }

    /** Translations that were found here since reset. */
    public synchronized long hits() {
        return hits + besides;
    }

    /** Translations that needed a walk, since reset. */
    public synchronized long misses() {
        return misses;
    }

    private void drop(int slot) {
        held[level(tags[slot])]--;
        tags[slot] = NO_TAG;
    }

    private int find(long tag) {
        int first = firstSlot(tag);
        for (int slot = first; slot < first + WAYS; slot++) {
            if (tags[slot] == tag) {
                return slot;
            }
        }
        return -1;
    }

    private int freeWay(int first) {
        for (int slot = first; slot < first + WAYS; slot++) {
            if (tags[slot] == NO_TAG) {
                return slot;
            }
        }
        return -1;
    }

    private int firstSlot(long tag) {
        long mixed = tag * 0x9E3779B97F4A7C15L;
        return ((int) (mixed >>> 40) & setMask) * WAYS;
    }

    /** Page number, context, level, and a one that tells it from no tag. */
    private static long tag(int context, long address, int level) {
        return address / PageTableEntry.pageBytes(level) << 19 | (long) context << 3 | (long) level << 1 | 1;
    }

    private static int context(long tag) {
        return (int) (tag >>> 3) & 0xffff;
    }

    private static int level(long tag) {
        return (int) (tag >>> 1) & 3;
    }
}
