package dev.openppu.driver.owner;

import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueState;

/**
 * What a hardware queue's status registers say, checked.
 *
 * @param hold why the next packet waits
 * @param exception {@code PPU_EXCEPTION} number of a kernel exception, 0x3F if none
 * @param packet index of the packet that failed
 * @param address virtual address that faulted, or of the instruction
 */
public record HardwareQueue(QueueState state, QueueError error, QueueHold hold, int exception, long packet, long address) {
    public boolean failed() {
        return state == QueueState.ERROR;
    }
}
