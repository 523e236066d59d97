package dev.openppu.rdl.live;

/**
 * The bits of a field that are in one cell.
 *
 * @param cell the cell that holds the value
 * @param low  the lowest of them in the cell
 * @param from which bit of the field that is
 * @param mask all of them, in the cell
 */
record BitSpan(Cell cell, int low, int from, long mask) {

    /** Their value. */
    long get() {
        return (cell.value & mask) >>> low;
    }
}
