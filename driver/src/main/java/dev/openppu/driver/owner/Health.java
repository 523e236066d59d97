package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.Xid;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Failure;
import dev.openppu.driver.PpuException;

/** Whether the firmware lives: its heartbeat, and a PING before a heartbeat that stands still is believed. Used from the dispatcher's thread. */
final class Health {
    private final DeviceAccess device;
    private final MessageChannel messages;
    private final Heartbeat heartbeat;
    private final boolean watch;

    Health(DeviceAccess device, MessageChannel messages, boolean watch) {
        this.device = device;
        this.messages = messages;
        this.heartbeat = new Heartbeat(device);
        this.watch = watch;
    }

    /** Throws {@link DeviceLostException} if the firmware is gone. */
    void check() {
        if (watch && !heartbeat.beats()) {
            probe();
            heartbeat.restart();
        }
    }

    private void probe() {
        requireRunning();
        try {
            messages.command(MessageType.PING, 0);
        } catch (PpuException e) {
            throw gone("its heartbeat has stopped and it does not answer a PING: " + e.getMessage());
        }
    }

    /** Throws {@link DeviceLostException} if the boot state is not RUNNING. */
    void requireRunning() {
        int state = BootRegs.Status.state(device.checked(device.registers().boot().readStatus()));
        if (state != BootState.RUNNING.value()) {
            throw gone("boot.status.state is " + BootState.of(state));
        }
    }

    private DeviceLostException gone(String why) {
        return new DeviceLostException(Failure.of(HgResult.DEVICE_UNAVAILABLE, device.name(), "firmware", "the firmware is gone: " + why,
                "reset the device and open it again").with(Xid.KERNEL_DEVICE_LOST));
    }
}
