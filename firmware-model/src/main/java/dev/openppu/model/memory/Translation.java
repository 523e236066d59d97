package dev.openppu.model.memory;

import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;

/**
 * Outcome of one translation: where the address leads and how far, or why it leads nowhere. A register of the engine that owns it, overwritten by the next
 * translation, so that translating allocates nothing.
 */
public final class Translation {
    private long virtualAddress;
    private MmuAccess access = MmuAccess.READ;
    private MmuReason reason = MmuReason.NONE;
    private boolean data;
    private int level;
    private long entry;

    /** Leads to a page of the right kind. */
    public boolean ok() {
        return reason == MmuReason.NONE;
    }

    /** {@link MmuReason#NONE} if the translation succeeded. */
    public MmuReason reason() {
        return reason;
    }

    public long virtualAddress() {
        return virtualAddress;
    }

    public MmuAccess access() {
        return access;
    }

    /** The page's level, or where the walk stopped. */
    public int level() {
        return level;
    }

    /** The address is an IOVA, not a PA. */
    public boolean system() {
        return PageTableEntry.system(entry);
    }

    /** PA or IOVA of the byte that was asked for. */
    public long address() {
        return PageTableEntry.address(entry) + (virtualAddress & PageTableEntry.pageBytes(level) - 1);
    }

    /** Bytes of its page. */
    public long pageBytes() {
        return PageTableEntry.pageBytes(level);
    }

    /** Bytes from that byte to the end of its page. */
    public long bytesToPageEnd() {
        long page = PageTableEntry.pageBytes(level);
        return page - (virtualAddress & page - 1);
    }

    /** The leaf. */
    long entry() {
        return entry;
    }

    void begin(long address, MmuAccess wanted) {
        virtualAddress = address;
        access = wanted;
        reason = MmuReason.NONE;
        data = false;
        level = PageTableEntry.ROOT_LEVEL;
        entry = 0;
    }

    void leaf(int atLevel, long leaf) {
        level = atLevel;
        entry = leaf;
        reason = PageTableEntry.allows(leaf, rights(access)) ? MmuReason.NONE : MmuReason.NO_RIGHT;
    }

    void fail(MmuReason why, int atLevel) {
        reason = why;
        level = atLevel;
    }

    /** The page was found, but the host's IOMMU refused it: noted by whoever did the access. */
    public void refusedByHost(long address) {
        virtualAddress = address;
        reason = MmuReason.HOST_REFUSED;
    }

    /** The page was found, but what it holds could not be read: noted by whoever did the access. */
    public void unreadable(long address) {
        virtualAddress = address;
        reason = MmuReason.ECC_ERROR;
        data = true;
    }

    /** A table, not the data, could not be read. */
    public boolean inWalk() {
        return reason == MmuReason.ECC_ERROR && !data;
    }

    private static long rights(MmuAccess access) {
        return switch (access) {
            case READ -> PageTableEntry.READ;
            case WRITE -> PageTableEntry.WRITE;
            case EXECUTE -> PageTableEntry.EXECUTE;
            case ATOMIC -> PageTableEntry.READ | PageTableEntry.WRITE;
        };
    }
}
