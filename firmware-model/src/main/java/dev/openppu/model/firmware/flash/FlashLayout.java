package dev.openppu.model.firmware.flash;

import dev.openppu.abi.firmware.FirmwareImage;
import java.util.Objects;

/** Where things are in the flash: two slots, and two sectors for each kind of record. */
public final class FlashLayout {
    /** What is erased at once. */
    public static final int SECTOR_BYTES = 64 << 10;
    /** What is programmed at once, at most. */
    public static final int PAGE_BYTES = 256;
    /** A slot takes any image that the ROM takes. */
    public static final int SLOT_BYTES = FirmwareImage.MAXIMUM_BYTES;
    public static final int SLOTS = 2;
    /** First of the two sectors that say which slot boots. */
    public static final int SLOT_RECORDS = SLOTS * SLOT_BYTES / SECTOR_BYTES;
    /** First of the two sectors that list retired pages. */
    public static final int RETIREMENT_RECORDS = SLOT_RECORDS + 2;
    public static final int SECTORS = RETIREMENT_RECORDS + 2;
    public static final long BYTES = (long) SECTORS * SECTOR_BYTES;

    private FlashLayout() {}

    /** Offset of a slot. */
    public static long slot(int slot) {
        return (long) Objects.checkIndex(slot, SLOTS) * SLOT_BYTES;
    }

    /** A slot's first sector. */
    public static int firstSector(int slot) {
        return (int) (slot(slot) / SECTOR_BYTES);
    }

    /** @throws IndexOutOfBoundsException unless the range is within one page */
    public static void checkPage(long offset, int length) {
        Objects.checkFromIndexSize(offset, length, BYTES);
        Objects.checkFromIndexSize((int) (offset % PAGE_BYTES), length, PAGE_BYTES);
    }

    /** Has bytes programmed, page by page. */
    public static void program(FlashPort flash, long offset, byte[] content) {
        for (int done = 0; done < content.length;) {
            long at = offset + done;
            int piece = (int) Math.min(content.length - done, PAGE_BYTES - at % PAGE_BYTES);
            byte[] page = new byte[piece];
            System.arraycopy(content, done, page, 0, piece);
            flash.program(at, page);
            done += piece;
        }
    }
}
