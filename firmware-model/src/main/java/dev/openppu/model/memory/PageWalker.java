package dev.openppu.model.memory;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MmuReason;

/** Walks the 4-level page tables in device memory ({@code docs/device.md}, section 6). Stateless but for the memory it reads; thread-safe. */
final class PageWalker {
    private final SparseMemory memory;
    private final long usable;

    /** @param usable bytes from 0 on that tables and pages may be in */
    PageWalker(SparseMemory memory, long usable) {
        this.memory = memory;
        this.usable = usable;
    }

    /** Completes {@code translation}, which {@link Translation#begin} has set up, from the table at {@code root}. */
    void walk(long root, Translation translation) {
        long table = root;
        int level = PageTableEntry.ROOT_LEVEL;
        if (!usable(table, PageTableEntry.TABLE_BYTES)) {
            translation.fail(MmuReason.INVALID_PA, level);
            return;
        }
        while (true) {
            long slot = table + (long) PageTableEntry.index(translation.virtualAddress(), level) * PageTableEntry.BYTES;
            if (memory.correction().check(slot, PageTableEntry.BYTES) >= 0) {
                translation.fail(MmuReason.ECC_ERROR, level);
                return;
            }
            long entry = load(slot);
            if (!PageTableEntry.valid(entry)) {
                translation.fail(MmuReason.INVALID_PAGE, level);
                return;
            }
            if (PageTableEntry.malformed(entry, level)) {
                translation.fail(MmuReason.MALFORMED_ENTRY, level);
                return;
            }
            boolean leaf = PageTableEntry.leaf(entry);
            long span = leaf ? PageTableEntry.pageBytes(level) : PageTableEntry.TABLE_BYTES;
            if (!PageTableEntry.system(entry) && !usable(PageTableEntry.address(entry), span)) {
                translation.fail(MmuReason.INVALID_PA, level);
                return;
            }
            if (leaf) {
                translation.leaf(level, entry);
                return;
            }
            table = PageTableEntry.address(entry);
            level--;
        }
    }

    private boolean usable(long address, long length) {
        return memory.contains(address, length) && address + length <= usable;
    }

    private long load(long address) {
        return memory.isWritten(address) ? memory.load(address, PageTableEntry.BYTES) : 0;
    }
}
