package dev.openppu.abi.memory;

/**
 * An entry of a page table: 64 bits, 512 of them in a table of 4 KiB, four levels from 3 (root) to 0. All of it is ours.
 *
 * <pre>
 *   63        52 51                                    12 11     6 5 4 3 2 1 0
 *  +------------+----------------------------------------+--------+-+-+-+-+-+-+
 *  |     0      |              address 51:12             |   0    |S|L|X|W|R|V|
 *  +------------+----------------------------------------+--------+-+-+-+-+-+-+
 *   V valid; R read, W write, X execute (leaves only); L leaf; S system: the address is an IOVA (leaves only)
 * </pre>
 *
 * <p>Leaves are at levels 0 (4 KiB), 1 (2 MiB) and 2 (1 GiB) and aligned to their size; a level-0 entry must be a leaf. An entry without V is not looked at
 * further.
 *
 * <p>Protocol: the driver writes entries through BAR2, 8 bytes at a time, tables before the entries that point to them. After it changed a valid entry it reads
 * anything back (posted writes), invalidates, and waits for {@code mmu.invalidate_done}. The device only reads entries.
 */
public final class PageTableEntry {
    /** Bytes of an entry. */
    public static final int BYTES = 8;
    /** Entries of a table. */
    public static final int ENTRIES = 512;
    /** Bytes of a table and of the smallest page. */
    public static final int TABLE_BYTES = 4096;
    /** The root's level. */
    public static final int ROOT_LEVEL = 3;
    /** Highest level that may hold leaves. */
    public static final int HIGHEST_LEAF_LEVEL = 2;
    /** Bits of a virtual address; only its lower half is canonical. */
    public static final int VIRTUAL_ADDRESS_BITS = 48;

    public static final long VALID = 1L;
    public static final long READ = 1L << 1;
    public static final long WRITE = 1L << 2;
    public static final long EXECUTE = 1L << 3;
    public static final long LEAF = 1L << 4;
    public static final long SYSTEM = 1L << 5;
    public static final long RIGHTS = READ | WRITE | EXECUTE;
    /** Address bits 51 to 12. */
    public static final long ADDRESS_MASK = 0x000f_ffff_ffff_f000L;

    private static final long RESERVED_MASK = ~(ADDRESS_MASK | VALID | RIGHTS | LEAF | SYSTEM);
    private static final int PAGE_SHIFT = 12;
    private static final int INDEX_BITS = 9;

    private PageTableEntry() {}

    /**
     * An entry that points to the next level's table.
     *
     * @param table device memory address, 4 KiB aligned
     */
    public static long table(long table) {
        return checkedAddress(table, TABLE_BYTES) | VALID;
    }

    /**
     * A leaf.
     *
     * @param level 0 to 2
     * @param address device memory address, or IOVA with {@link #SYSTEM}; aligned to {@link #pageBytes}
     * @param flags any of {@link #READ}, {@link #WRITE}, {@link #EXECUTE}, {@link #SYSTEM}
     */
    public static long leaf(int level, long address, long flags) {
        if (level < 0 || level > HIGHEST_LEAF_LEVEL) {
            throw new IllegalArgumentException("there are no leaves at level " + level);
        }
        if ((flags & ~(RIGHTS | SYSTEM)) != 0) {
            throw new IllegalArgumentException("not flags of a leaf: 0x%x".formatted(flags));
        }
        return checkedAddress(address, pageBytes(level)) | flags | LEAF | VALID;
    }

    public static boolean valid(long entry) {
        return (entry & VALID) != 0;
    }

    public static boolean leaf(long entry) {
        return (entry & LEAF) != 0;
    }

    public static boolean system(long entry) {
        return (entry & SYSTEM) != 0;
    }

    /** Whether the entry has all of {@code rights}. */
    public static boolean allows(long entry, long rights) {
        return (entry & rights) == rights;
    }

    /** Address of the page or the next table. */
    public static long address(long entry) {
        return entry & ADDRESS_MASK;
    }

    /** Whether a valid entry breaks the format at this level: reserved bits, a leaf or its lack where the level forbids it, a misaligned leaf, rights of a table. */
    public static boolean malformed(long entry, int level) {
        if ((entry & RESERVED_MASK) != 0) {
            return true;
        }
        if (!leaf(entry)) {
            return level == 0 || (entry & (RIGHTS | SYSTEM)) != 0;
        }
        return level > HIGHEST_LEAF_LEVEL || (address(entry) & pageBytes(level) - 1) != 0;
    }

    /** Bytes that an entry of this level covers: 4 KiB, 2 MiB, 1 GiB, 512 GiB. */
    public static long pageBytes(int level) {
        return 1L << PAGE_SHIFT + INDEX_BITS * level;
    }

    /** Index of the entry in the table of this level that covers a virtual address. */
    public static int index(long virtualAddress, int level) {
        return (int) (virtualAddress >>> PAGE_SHIFT + INDEX_BITS * level) & ENTRIES - 1;
    }

    /** Whether an address can be translated: bits 63 to 47 are zero. */
    public static boolean canonical(long virtualAddress) {
        return virtualAddress >>> VIRTUAL_ADDRESS_BITS - 1 == 0;
    }

    private static long checkedAddress(long address, long alignment) {
        if ((address & ~ADDRESS_MASK) != 0 || (address & alignment - 1) != 0) {
            throw new IllegalArgumentException("0x%x is not an address aligned to 0x%x bytes, below 2^52".formatted(address, alignment));
        }
        return address;
    }
}
