package dev.openppu.model.compute;

/**
 * Global memory as a compute unit sees it: virtual addresses of one context. Implementations translate, check rights and raise faults; the compute unit
 * checks alignment. Must be safe for use by several threads at once.
 */
public interface ComputeMemory {
    /** What an access is going to do. */
    enum Access {
        LOAD, STORE, ATOMIC, FETCH
    }

    /**
     * Translates an address once for a whole neighbourhood.
     *
     * @return the span of addresses around {@code address} that one translation covers (a page, or more)
     * @throws AccessFault when this access is not allowed there
     */
    Span resolve(long address, Access access) throws AccessFault;

    /**
     * Changes whenever an earlier span may no longer hold (an invalidation, memory that got its first page). Asked before every memory instruction: must be
     * cheap.
     */
    long epoch();

    /**
     * Reads 1, 2, 4 or 8 aligned bytes where {@link #resolve} gave a span without a segment.
     *
     * @return the value, zero-extended
     */
    long load(long address, int bytes) throws AccessFault;

    /** Writes the low 1, 2, 4 or 8 bytes of a value to an aligned address, where {@link #resolve} gave a span without a segment. */
    void store(long address, int bytes, long value) throws AccessFault;
}
