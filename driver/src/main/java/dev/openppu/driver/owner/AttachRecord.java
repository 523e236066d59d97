package dev.openppu.driver.owner;

import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.FwRegs;
import dev.openppu.abi.reg.QueueState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What a driver leaves in the sticky scratch registers for the next one, which survives the host process and every reset but a cold one.
 *
 * <pre>
 *  sticky_scratch[0]  magic 0x5244504F ("OPDR")
 *  sticky_scratch[1]  1 in use, 2 detached in order with the firmware running
 *  sticky_scratch[2]  boot.resets.count when it was written: a reset since then makes the record stale
 *  sticky_scratch[3]  CRC-32C of the twelve bytes before
 * </pre>
 *
 * Anything that is not exactly that is no record: the device is dirty then, and is reset before it is used.
 */
final class AttachRecord {
    private static final int MAGIC = 0x5244504F;
    private static final int IN_USE = 1;
    private static final int DETACHED = 2;

    private final DeviceAccess device;
    private final FwRegs registers;

    AttachRecord(DeviceAccess device) {
        this.device = device;
        this.registers = device.registers().fw();
    }

    /** A driver works with the device now. */
    void inUse() {
        write(IN_USE);
    }

    /** A driver has let go of it in order; its firmware runs. */
    void detached() {
        write(DETACHED);
        registers.readStickyScratch(0); // flushes
    }

    /** Whether the device may be used without a reset and without a boot: left in order, not reset since, firmware running, no queue enabled. */
    boolean mayAttach(int queues) {
        return says(DETACHED) && registers.readStickyScratch(2) == resets() && running() && allDisabled(queues);
    }

    /** Whether another driver has left its record here since the one of the bring-up at that many resets. */
    boolean anothers(int resetsAtBringUp) {
        return (says(IN_USE) || says(DETACHED)) && registers.readStickyScratch(2) != resetsAtBringUp;
    }

    /** Resets since power-on. */
    int resets() {
        return BootRegs.Resets.count(device.checked(device.registers().boot().readResets()));
    }

    private boolean running() {
        return BootRegs.Status.state(device.checked(device.registers().boot().readStatus())) == BootState.RUNNING.value();
    }

    private boolean allDisabled(int queues) {
        for (int i = 0; i < queues; i++) {
            if (dev.openppu.abi.reg.QueueRegs.Status.state(device.checked(device.registers().queue(i).readStatus())) != QueueState.DISABLED
                    .value()) {
                return false;
            }
        }
        return true;
    }

    private boolean says(int state) {
        int[] words = new int[FwRegs.STICKY_SCRATCH_COUNT];
        for (int i = 0; i < words.length; i++) {
            words[i] = registers.readStickyScratch(i);
        }
        return words[0] == MAGIC && words[1] == state && words[3] == checksum(words[1], words[2]);
    }

    private void write(int state) {
        int resets = resets();
        registers.writeStickyScratch(3, 0); // no record while it changes
        registers.writeStickyScratch(0, MAGIC);
        registers.writeStickyScratch(1, state);
        registers.writeStickyScratch(2, resets);
        registers.writeStickyScratch(3, checksum(state, resets));
    }

    static int checksum(int state, int resets) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(3 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(MAGIC).putInt(state).putInt(resets).flip());
        return (int) crc.getValue();
    }
}
