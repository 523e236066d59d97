package dev.openppu.hal.pci;

import dev.openppu.hal.mmio.Mmio;

/**
 * The MSI-X table and the pending bits in a BAR (7.7.2).
 *
 * <pre>
 * entry: +0x0 message address  +0x4 upper address  +0x8 data  +0xC vector control (bit 0: mask)
 * pending bits: 64 vectors a quadword
 * </pre>
 */
public final class MsixTable {
    private static final int ENTRY_BYTES = 16;
    private static final int ADDRESS = 0;
    private static final int UPPER_ADDRESS = 4;
    private static final int DATA = 8;
    private static final int VECTOR_CONTROL = 12;
    private static final int MASK = 1;

    private final Mmio table;
    private final Mmio pending;
    private final int vectors;

    /**
     * @param table window that begins at the table
     * @param pending window that begins at the pending bits
     */
    public MsixTable(Mmio table, Mmio pending, int vectors) {
        this.table = table;
        this.pending = pending;
        this.vectors = vectors;
    }

    /** Bytes of a table. */
    public static int tableBytes(int vectors) {
        return vectors * ENTRY_BYTES;
    }

    /** Bytes of the pending bits. */
    public static int pendingBytes(int vectors) {
        return (vectors + 63) / 64 * 8;
    }

    /** Sets the message; the vector should be masked meanwhile. */
    public void message(int vector, long address, int data) {
        long entry = entry(vector);
        table.write32(entry + ADDRESS, (int) address);
        table.write32(entry + UPPER_ADDRESS, (int) (address >>> 32));
        table.write32(entry + DATA, data);
    }

    public boolean masked(int vector) {
        return (table.read32(entry(vector) + VECTOR_CONTROL) & MASK) != 0;
    }

    public void mask(int vector, boolean masked) {
        table.write32(entry(vector) + VECTOR_CONTROL, masked ? MASK : 0);
    }

    public boolean pending(int vector) {
        entry(vector);
        return (pending.read64(vector / 64 * 8L) >>> vector % 64 & 1) != 0;
    }

    private long entry(int vector) {
        if (vector < 0 || vector >= vectors) {
            throw new IndexOutOfBoundsException("MSI-X vector %d of %d".formatted(vector, vectors));
        }
        return (long) vector * ENTRY_BYTES;
    }
}
