package dev.openppu.model.device;

import dev.openppu.abi.firmware.FirmwareImage;
import dev.openppu.abi.firmware.FirmwareImageException;
import dev.openppu.abi.reg.BootError;
import dev.openppu.model.boot.BootRom;
import dev.openppu.model.firmware.flash.FirmwareSlots;
import dev.openppu.model.firmware.flash.FlashLayout;
import dev.openppu.model.firmware.flash.FlashPort;
import dev.openppu.model.firmware.flash.SlotState;
import dev.openppu.model.firmware.flash.SlotState.Trial;
import dev.openppu.model.flash.NorFlash;
import dev.openppu.model.reg.FlashRegs;

/** What the flash block's registers show: asked for when software or firmware reads, judged anew when the flash has changed. */
final class FlashStatus {
    private final NorFlash flash;
    private final FirmwareSlots slots;
    private final BootRom rom;
    private final int[] versions = new int[FlashLayout.SLOTS];
    private final boolean[] valid = new boolean[FlashLayout.SLOTS];
    private long judged = -1;
    private int judgedFor;

    FlashStatus(NorFlash flash, FlashPort port, BootRom rom) {
        this.flash = flash;
        this.slots = new FirmwareSlots(port);
        this.rom = rom;
    }

    int version(int slot) {
        judge();
        return versions[slot];
    }

    int status() {
        judge();
        SlotState state = slots.state();
        int boots = !valid[state.active()] && valid[state.other()] ? state.other() : state.active();
        int status = FlashRegs.Status.withActive(0, boots == 1);
        status = FlashRegs.Status.withAValid(status, valid[0]);
        status = FlashRegs.Status.withBValid(status, valid[1]);
        status = FlashRegs.Status.withTrying(status, state.trial() == Trial.WANTED);
        status = FlashRegs.Status.withFellBack(status, state.fellBack());
        status = FlashRegs.Status.withBooted(status, rom.bootedSlot().isPresent());
        return FlashRegs.Status.withBootedSlot(status, rom.bootedSlot().orElse(0) == 1);
    }

    private void judge() {
        if (judged == flash.generation() && judgedFor == rom.securityVersion()) {
            return;
        }
        judged = flash.generation();
        judgedFor = rom.securityVersion();
        for (int slot = 0; slot < FlashLayout.SLOTS; slot++) {
            byte[] image = slots.image(slot);
            valid[slot] = rom.judge(image) == BootError.NONE;
            versions[slot] = valid[slot] ? version(image) : 0;
        }
    }

    private static int version(byte[] image) {
        try {
            return FirmwareImage.parse(image).header().version().pack();
        } catch (FirmwareImageException e) {
            return 0;
        }
    }
}
