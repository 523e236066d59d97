package dev.openppu.model.interrupt;

import dev.openppu.model.reg.InterruptsRegs;

/** Causes of vector 0, by their bits in {@code interrupts.raw}. */
public enum Cause {
    FIRMWARE_EVENT(InterruptsRegs.Raw.FW_EVENT_MASK),
    BOOT(InterruptsRegs.Raw.BOOT_MASK),
    ERROR(InterruptsRegs.Raw.ERROR_MASK),
    MMU_FAULT(InterruptsRegs.Raw.MMU_FAULT_MASK),
    SCRUB_DONE(InterruptsRegs.Raw.SCRUB_DONE_MASK),
    QUEUE_ERROR(InterruptsRegs.Raw.QUEUE_ERROR_MASK),
    ECC(InterruptsRegs.Raw.ECC_MASK),
    THROTTLE(InterruptsRegs.Raw.THROTTLE_MASK),
    ENGINE_RESET(InterruptsRegs.Raw.ENGINE_RESET_MASK);

    private final int mask;

    Cause(int mask) {
        this.mask = mask;
    }

    int mask() {
        return mask;
    }
}
