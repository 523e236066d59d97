package dev.openppu.model.device;

import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.model.firmware.flash.FlashLayout;
import dev.openppu.model.memory.SparseMemory;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.reg.BootRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import dev.openppu.model.reg.PpuBar4Regs;
import dev.openppu.model.registers.CompiledMaps;
import dev.openppu.model.registers.DoorbellBar;
import dev.openppu.model.registers.MsixRegisters;
import dev.openppu.model.registers.Presence;
import dev.openppu.model.registers.RegisterBar;

/** The registers of both register BARs with what never changes in them: what the device is, and how often it was reset. */
final class RegisterFabric {
    private static final String RESET_SIGNAL = "any_rst";
    private static final int MOST_RESETS = 0xffff;
    /** Nothing is reported of BAR4: only BAR0 has an XID for it. */
    private static final RegisterBar.Violations UNREPORTED = new RegisterBar.Violations() {
        @Override
        public void noRegister(long offset) {}

        @Override
        public void otherWidth(long offset) {}
    };

    private final Identity identity;
    private final Presence presence;
    private final DeviceProfile profile;
    private final RegisterBar bar0;
    private final RegisterBar bar4;
    private final Mmio hardware;
    private final PpuBar0Regs registers;
    private final PpuBar4Regs doorbells;
    private int resets;

    RegisterFabric(DeviceProfile profile, Identity identity, RegisterBar.Violations violations) {
        this.identity = identity;
        this.presence = new Presence(profile);
        this.profile = profile;
        CompiledMaps maps = CompiledMaps.shipped();
        bar0 = new RegisterBar(maps.registers(), Identity.REGISTER_BYTES, violations);
        bar4 = new RegisterBar(maps.doorbells(), Identity.DOORBELL_BYTES, UNREPORTED);
        hardware = bar0.hardware();
        registers = new PpuBar0Regs(hardware);
        doorbells = new PpuBar4Regs(bar4.hardware());
    }

    /** BAR0 as hardware reaches it. */
    Mmio hardware() {
        return hardware;
    }

    PpuBar0Regs registers() {
        return registers;
    }

    PpuBar4Regs doorbells() {
        return doorbells;
    }

    RegisterBar bar0() {
        return bar0;
    }

    RegisterBar bar4() {
        return bar4;
    }

    /** BAR4 as software reaches it. */
    MmioTrap doorbellTrap() {
        return new DoorbellBar(bar4);
    }

    MsixRegisters msix() {
        return new MsixRegisters(doorbells);
    }

    /** Value of {@code id.capabilities}. */
    int capabilities() {
        return presence.capabilities();
    }

    void reset(ResetKind kind) {
        if (kind == ResetKind.COLD) {
            bar0.powerOn();
            bar4.powerOn();
            resets = 0;
        } else {
            bar0.reset(RESET_SIGNAL);
            bar4.reset(RESET_SIGNAL);
            resets = Math.min(resets + 1, MOST_RESETS);
        }
        presence.apply(bar0);
        identity.drive(registers.id(), presence);
        registers.memory().writeSize(profile.memoryBytes());
        registers.memory().writeReserved((int) (profile.equipment().reservedBytes() / SparseMemory.PAGE));
        registers.flash().writeSlotSize(profile.equipment().flash() ? FlashLayout.SLOT_BYTES : 0);
        registers.boot().writeResets(BootRegs.Resets.withLast(BootRegs.Resets.withCount(0, resets), code(kind)));
    }

    private static int code(ResetKind kind) {
        return switch (kind) {
            case COLD -> 0;
            case SECONDARY_BUS -> 1;
            case FUNCTION_LEVEL -> 2;
        };
    }
}
