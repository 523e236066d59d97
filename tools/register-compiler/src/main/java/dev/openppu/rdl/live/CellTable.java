package dev.openppu.rdl.live;

import org.jspecify.annotations.Nullable;

/**
 * From addresses to cells in constant time, with room for those only that exist: small pages, found directly where the map is
 * small, by hash where it is large.
 */
final class CellTable {

    private static final int PAGE_BITS = 8;
    private static final long MOST_DIRECT_PAGES = 1 << 14;

    private final int granule;
    private final @Nullable Cell[] @Nullable [] direct;
    private final PageMap<@Nullable Cell[]> hashed = new PageMap<>();

    /**
     * @param size    bytes of the map
     * @param granule log2 of what all addresses and sizes of cells are multiples of, in bytes
     */
    CellTable(long size, int granule) {
        this.granule = granule;
        long pages = (size >>> PAGE_BITS) + 1;
        this.direct = new Cell[pages <= MOST_DIRECT_PAGES ? (int) pages : 0][];
    }

    /** The cell that has the byte at {@code address}, or null. */
    @Nullable
    Cell get(long address) {
        long number = address >>> PAGE_BITS;
        Cell[] page = number < direct.length ? direct[(int) number] : hashed.get(number);
        return page == null ? null : page[slot(address)];
    }

    void put(long address, Cell cell) {
        long number = address >>> PAGE_BITS;
        Cell[] page = number < direct.length ? direct[(int) number] : hashed.get(number);
        if (page == null) {
            page = new Cell[1 << PAGE_BITS - granule];
            if (number < direct.length) {
                direct[(int) number] = page;
            } else {
                hashed.put(number, page);
            }
        }
        page[slot(address)] = cell;
    }

    private int slot(long address) {
        return ((int) address & (1 << PAGE_BITS) - 1) >>> granule;
    }

    long granuleBytes() {
        return 1L << granule;
    }
}
