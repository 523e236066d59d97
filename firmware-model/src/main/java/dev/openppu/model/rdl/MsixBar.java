package dev.openppu.model.rdl;

import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.pci.MsixTable;
import dev.openppu.model.pcie.FunctionIdentity;
import dev.openppu.model.pcie.HostPort;
import dev.openppu.model.pcie.MsixTableView;
import java.util.Arrays;

/** A BAR with nothing in it but an MSI-X table and its pending bits (7.7.2), to be accessed by 4 or 8 bytes. */
final class MsixBar implements MmioTrap, MsixTableView {

    private static final int SMALLEST = 1 << 12;
    private static final int WORD = 4;
    private static final int WORDS = 4;
    private static final int DATA = 2;
    private static final int CONTROL = 3;
    private static final long LOW = 0xffff_ffffL;

    private final HostPort host;
    private final int pendingOffset;
    private final long size;
    private final int[] table;
    private final long[] pending;

    MsixBar(HostPort host, int vectors) {
        this.host = host;
        this.table = new int[vectors * WORDS];
        this.pending = new long[MsixTable.pendingBytes(vectors) / Long.BYTES];
        int tableBytes = Math.max(SMALLEST / 2, Integer.highestOneBit(MsixTable.tableBytes(vectors) * 2 - 1));
        this.pendingOffset = tableBytes;
        this.size = tableBytes * 2L;
    }

    FunctionIdentity.BarLayout layout(int index) {
        return new FunctionIdentity.BarLayout(index, size, size, false, false);
    }

    FunctionIdentity.Msix place(int index) {
        return new FunctionIdentity.Msix(table.length / WORDS, index, 0, index, pendingOffset);
    }

    void reset() {
        Arrays.fill(table, 0);
        Arrays.fill(pending, 0);
        for (int vector = 0; vector < table.length / WORDS; vector++) {
            table[vector * WORDS + CONTROL] = 1;
        }
    }

    @Override
    public long read(long offset, int bytes) {
        return switch (bytes) {
            case WORD -> word(offset) & LOW;
            case Long.BYTES -> word(offset) & LOW | (long) word(offset + WORD) << Integer.SIZE;
            default -> 0;
        };
    }

    private int word(long offset) {
        if (offset < pendingOffset) {
            int index = (int) offset / WORD;
            return index < table.length ? table[index] : 0;
        }
        int index = (int) (offset - pendingOffset) / WORD;
        return index / 2 < pending.length ? (int) (pending[index / 2] >>> (index & 1) * Integer.SIZE) : 0;
    }

    @Override
    public void write(long offset, int bytes, long value) {
        if (bytes >= WORD) {
            store(offset, (int) value);
        }
        if (bytes == Long.BYTES) {
            store(offset + WORD, (int) (value >>> Integer.SIZE));
        }
    }

    private void store(long offset, int value) {
        int index = (int) offset / WORD;
        if (offset < pendingOffset && index < table.length) {
            table[index] = index % WORDS == CONTROL ? value & 1 : index % WORDS == 0 ? value & ~3 : value;
            host.vectorChanged(index / WORDS);
        }
    }

    @Override
    public long address(int vector) {
        return table[vector * WORDS] & LOW | (long) table[vector * WORDS + 1] << Integer.SIZE;
    }

    @Override
    public int data(int vector) {
        return table[vector * WORDS + DATA];
    }

    @Override
    public boolean masked(int vector) {
        return (table[vector * WORDS + CONTROL] & 1) != 0;
    }

    @Override
    public boolean pending(int vector) {
        return (pending[vector / Long.SIZE] >>> vector & 1) != 0;
    }

    @Override
    public void setPending(int vector, boolean on) {
        long bit = 1L << vector;
        pending[vector / Long.SIZE] = on ? pending[vector / Long.SIZE] | bit : pending[vector / Long.SIZE] & ~bit;
    }
}
