package dev.openppu.driver.owner.recovery;

import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.driver.owner.DeviceAccess;
import java.util.Optional;

/** The first rung: one hardware queue. Its packets in flight are abandoned, their signals stored as -1; then it is disabled. */
public final class QueueReset {
    private final DeviceAccess device;
    private final long timeoutNanos;

    /** @param timeoutNanos longest that the device may take to say how it went; the link stretches it */
    public QueueReset(DeviceAccess device, long timeoutNanos) {
        this.device = device;
        this.timeoutNanos = timeoutNanos;
    }

    /** Resets a queue; empty if it is free of work now, otherwise why it is not. */
    public Optional<String> reset(int queue) {
        QueueRegs registers = device.registers().queue(queue);
        registers.writeControl(QueueRegs.Control.withReset(device.checked(registers.readControl()), true));
        boolean ended = device.poll(() -> ended(registers), device.runtime().deadline(timeoutNanos));
        if (!ended) {
            return Optional.of("queue %d did not end its reset in time".formatted(queue));
        }
        return QueueRegs.Status.resetFailed(device.checked(registers.readStatus()))
                ? Optional.of("the engine does not let go of queue " + queue)
                : Optional.empty();
    }

    private boolean ended(QueueRegs registers) {
        int status = device.checked(registers.readStatus());
        boolean enabled = QueueRegs.Control.enable(device.checked(registers.readControl()));
        return !QueueRegs.Status.resetting(status) && (!enabled || QueueRegs.Status.resetFailed(status));
    }
}
