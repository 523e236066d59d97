package dev.openppu.model.device;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.model.memory.SparseMemory;

/** Page tables of one context, built through BAR2. */
final class AddressSpaceBuilder {
    static final long RW = PageTableEntry.READ | PageTableEntry.WRITE;
    static final long RWX = PageTableEntry.RIGHTS;

    private final Mmio window;
    private final long root;
    private long nextTable;

    /** @param tables PA of free memory below 256 MiB */
    AddressSpaceBuilder(Mmio window, long tables) {
        this.window = window;
        this.root = tables;
        this.nextTable = tables + SparseMemory.PAGE;
    }

    long root() {
        return root;
    }

    /** Maps device memory. */
    AddressSpaceBuilder device(int level, long va, long pa, long rights) {
        entry(level, va, PageTableEntry.leaf(level, pa, rights));
        return this;
    }

    /** Maps host memory. */
    AddressSpaceBuilder system(int level, long va, long iova, long rights) {
        entry(level, va, PageTableEntry.leaf(level, iova, rights | PageTableEntry.SYSTEM));
        return this;
    }

    /** Writes a raw entry at a level. */
    void entry(int level, long va, long value) {
        window.write64(slot(level, va), value);
    }

    private long slot(int level, long va) {
        long table = root;
        for (int l = PageTableEntry.ROOT_LEVEL; l > level; l--) {
            long slot = table + (long) PageTableEntry.index(va, l) * PageTableEntry.BYTES;
            long entry = window.read64(slot);
            if (!PageTableEntry.valid(entry)) {
                entry = PageTableEntry.table(nextTable);
                nextTable += SparseMemory.PAGE;
                window.write64(slot, entry);
            }
            table = PageTableEntry.address(entry);
        }
        return table + (long) PageTableEntry.index(va, level) * PageTableEntry.BYTES;
    }
}
