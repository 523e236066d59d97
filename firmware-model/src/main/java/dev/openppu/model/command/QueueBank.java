package dev.openppu.model.command;

import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.interrupt.MessageSender;
import dev.openppu.model.interrupt.VectorGate;
import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.reg.PpuBar0Regs;
import dev.openppu.model.reg.QueueRegs;

/**
 * The registers and interrupts of a device's queues.
 *
 * @param capabilities as in {@code id.capabilities}
 */
public record QueueBank(DeviceProfile profile, int capabilities, PpuBar0Regs device, Agenda agenda, MessageSender sender) {
    QueueRegs registers(int queue) {
        return device.queue(queue);
    }

    VectorGate gate() {
        return new VectorGate(agenda, sender);
    }
}
