package dev.openppu.model.firmware;

import dev.openppu.abi.firmware.FirmwareMessage;
import dev.openppu.model.reg.FwRegs;

/**
 * Where the host put the rings.
 *
 * @param enabled the host allows their use
 * @param commands IOVA of the command ring
 * @param events IOVA of the event ring
 * @param messages slots of each
 */
record RingLayout(boolean enabled, long commands, long events, int messages) {
    private static final int SMALLEST = 2;
    private static final int LARGEST = 10;
    private static final long ALIGNMENT = 4096;

    static RingLayout read(FwRegs registers) {
        int control = registers.readRingControl();
        return new RingLayout(FwRegs.RingControl.enable(control), registers.readCommandRing(), registers.readEventRing(),
                1 << FwRegs.RingControl.log2Messages(control));
    }

    /** Enabled, and within what the interface allows; anything else is as good as not enabled. */
    boolean usable() {
        return enabled && messages >= 1 << SMALLEST && messages <= 1 << LARGEST && commands % ALIGNMENT == 0 && events % ALIGNMENT == 0;
    }

    long command(int count) {
        return commands + slot(count);
    }

    long event(int count) {
        return events + slot(count);
    }

    private long slot(int count) {
        return (long) (count & messages - 1) * FirmwareMessage.BYTES;
    }
}
