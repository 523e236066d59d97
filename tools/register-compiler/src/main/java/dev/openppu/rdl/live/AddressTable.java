package dev.openppu.rdl.live;

import java.util.Arrays;

/** From addresses to cells in constant time: a table of pages, each a table of the cells that its bytes belong to. */
final class AddressTable {

    private static final int PAGE_BITS = 12;
    private static final int DIRECT_PAGES = 1 << 20;

    private final long[] pageNumbers;
    private final int[][] pages;
    private final int[] direct;
    private final int granularity;

    /**
     * @param starts ascending addresses of the cells
     * @param sizes  their bytes, powers of two
     * @param order  the cells, in an order in which later ones take what earlier ones had
     */
    AddressTable(long[] starts, int[] sizes, int[] order) {
        int smallest = Arrays.stream(sizes).min().orElse(8);
        granularity = Integer.numberOfTrailingZeros(smallest);
        pageNumbers = Arrays.stream(starts).map(start -> start >>> PAGE_BITS).distinct().sorted().toArray();
        pages = new int[pageNumbers.length][];
        for (int cell : order) {
            fill(cell, starts[cell], sizes[cell]);
        }
        long last = pageNumbers.length == 0 ? 0 : pageNumbers[pageNumbers.length - 1];
        direct = last < DIRECT_PAGES ? new int[(int) last + 1] : new int[0];
        Arrays.fill(direct, -1);
        if (direct.length > 0) {
            for (int i = 0; i < pageNumbers.length; i++) {
                direct[(int) pageNumbers[i]] = i;
            }
        }
    }

    private void fill(int cell, long start, int size) {
        int index = Arrays.binarySearch(pageNumbers, start >>> PAGE_BITS);
        if (pages[index] == null) {
            pages[index] = new int[1 << PAGE_BITS - granularity];
            Arrays.fill(pages[index], -1);
        }
        int from = slot(start);
        Arrays.fill(pages[index], from, from + Math.max(1, size >>> granularity), cell);
    }

    private int slot(long address) {
        return (int) (address & (1 << PAGE_BITS) - 1) >>> granularity;
    }

    /** The cell that {@code address} belongs to, or -1. */
    int find(long address) {
        long number = address >>> PAGE_BITS;
        int index = direct.length == 0 ? Arrays.binarySearch(pageNumbers, number) : number < direct.length ? direct[(int) number] : -1;
        return index < 0 ? -1 : pages[index][slot(address)];
    }
}
