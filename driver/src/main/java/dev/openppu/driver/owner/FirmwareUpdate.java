package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.FlashRegs;
import dev.openppu.driver.Failure;
import dev.openppu.driver.FirmwareRefusedException;
import dev.openppu.driver.FirmwareSlots;
import dev.openppu.driver.PpuInfo;
import dev.openppu.driver.UpdateListener;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Writes firmware images to the slot of the flash that is not active. The active slot is not touched, so whatever goes wrong, the device boots as before. */
final class FirmwareUpdate {
    private static final String OBJECT = "firmware update";
    private static final int PIECE_BYTES = 16 << 10;
    /** Erasing and verifying take their time. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final DeviceAccess device;
    private final MessageChannel messages;
    private final PinnedMemory pinned;

    FirmwareUpdate(DeviceAccess device, MessageChannel messages, PinnedMemory pinned) {
        this.device = device;
        this.messages = messages;
        this.pinned = pinned;
    }

    /** What the flash holds. */
    static FirmwareSlots slots(DeviceAccess device) {
        FlashRegs flash = device.registers().flash();
        int status = device.checked(flash.readStatus());
        return new FirmwareSlots(slot(FlashRegs.Status.active(status)), version(FlashRegs.Status.aValid(status), flash.readAVersion()),
                version(FlashRegs.Status.bValid(status), flash.readBVersion()), FlashRegs.Status.trying(status),
                FlashRegs.Status.booted(status) ? Optional.of(slot(FlashRegs.Status.bootedSlot(status))) : Optional.empty(),
                FlashRegs.Status.fellBack(status), Integer.toUnsignedLong(flash.readSlotSize()));
    }

    private static char slot(boolean second) {
        return second ? 'B' : 'A';
    }

    private static Optional<PpuInfo.Version> version(boolean valid, int packed) {
        return valid ? Optional.of(new PpuInfo.Version(packed >>> 16, packed >>> 8 & 0xff, packed & 0xff)) : Optional.empty();
    }

    /** Writes and verifies an image; the slot that will be tried at the next boot from flash. */
    char run(byte[] image, UpdateListener listener) {
        long room = slots(device).slotBytes();
        if (image.length == 0 || image.length > room) {
            throw device.failure(HgResult.INVALID_IMAGE, OBJECT, "an image of %,d bytes; a slot takes %,d".formatted(image.length, room),
                    "use an image that fits");
        }
        FirmwareReply begun = messages.call(PATIENCE_NANOS, MessageType.UPDATE_BEGIN, image.length);
        if (begun.status() == MessageStatus.UNKNOWN_TYPE) {
            throw device.failure(HgResult.NOT_SUPPORTED, OBJECT, "the firmware that runs takes no updates: it speaks an older message ABI",
                    "boot a newer firmware by giving its image at opening");
        }
        requireOk(MessageType.UPDATE_BEGIN, begun, 0);
        DmaMapping piece = pinned.allocate(Math.min(image.length, PIECE_BYTES), DmaAccess.DEVICE_READS);
        try {
            for (int offset = 0; offset < image.length; offset += PIECE_BYTES) {
                int bytes = Math.min(PIECE_BYTES, image.length - offset);
                MemorySegment.copy(MemorySegment.ofArray(image), offset, piece.memory(), 0, bytes);
                requireOk(MessageType.UPDATE_DATA, messages.call(PATIENCE_NANOS, MessageType.UPDATE_DATA, offset, piece.iova(), bytes),
                        offset);
                listener.written(offset + bytes, image.length);
            }
        } finally {
            pinned.free(piece);
        }
        finish();
        return slot(begun.word(1) != 0);
    }

    private void finish() {
        FirmwareReply finished = messages.call(PATIENCE_NANOS, MessageType.UPDATE_FINISH);
        if (finished.status() == MessageStatus.BAD_ARGUMENT) {
            BootError error = BootError.of(Math.clamp(finished.word(1), 0, 0xff));
            throw new FirmwareRefusedException(Failure.of(HgResult.INVALID_IMAGE, device.name(), OBJECT,
                    "the firmware refused the image: " + (error == null ? "error " + finished.word(1) : error),
                    "use an intact image, signed by a key that the device trusts; the slot that booted is as before"),
                    error == null ? BootError.BAD_HEADER : error);
        }
        requireOk(MessageType.UPDATE_FINISH, finished, 0);
    }

    private void requireOk(MessageType type, FirmwareReply reply, long offset) {
        if (reply.status() != MessageStatus.OK) {
            throw device.failure(HgResult.OPERATING_SYSTEM, OBJECT,
                    "the firmware answered %s at byte %d with %s".formatted(type, offset, reply.status()),
                    "begin the update again; the slot that booted is as before");
        }
    }
}
