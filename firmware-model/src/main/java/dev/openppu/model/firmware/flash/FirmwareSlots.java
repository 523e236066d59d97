package dev.openppu.model.firmware.flash;

import dev.openppu.abi.firmware.FirmwareImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The two slots for firmware images and the record that says which of them boots. */
public final class FirmwareSlots {
    /** Where an image's header says how long it is (docs/device.md, section 3). */
    private static final int IMAGE_SIZE_OFFSET = 0x0c;

    private final FlashPort flash;
    private final RecordPair records;

    public FirmwareSlots(FlashPort flash) {
        this.flash = flash;
        this.records = new RecordPair(flash, FlashLayout.SLOT_RECORDS);
    }

    public SlotState state() {
        return records.read().flatMap(SlotState::decode).orElse(SlotState.FACTORY);
    }

    /** Has another state written. */
    public void write(SlotState state) {
        records.write(state.encode());
    }

    /** The bytes that a slot's header claims, or as many as a slot has where it claims nothing sensible; nothing of them is checked. */
    public byte[] image(int slot) {
        byte[] size = new byte[Integer.BYTES];
        flash.read(FlashLayout.slot(slot) + IMAGE_SIZE_OFFSET, size);
        int claimed = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getInt();
        boolean sensible = claimed >= FirmwareImage.MINIMUM_BYTES && claimed <= FlashLayout.SLOT_BYTES;
        byte[] image = new byte[sensible ? claimed : FirmwareImage.MINIMUM_BYTES];
        flash.read(FlashLayout.slot(slot), image);
        return image;
    }

    /** Has the part of a slot erased that so many bytes need. */
    public void erase(int slot, int bytes) {
        int first = FlashLayout.firstSector(slot);
        for (int sector = first; sector < first + Math.ceilDiv(bytes, FlashLayout.SECTOR_BYTES); sector++) {
            flash.erase(sector);
        }
    }

    /** Has part of an image written into an erased slot. */
    public void write(int slot, int offset, byte[] part) {
        FlashLayout.program(flash, FlashLayout.slot(slot) + offset, part);
    }

}
