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
    private final DeviceMemoryPort port;
    private final AttachRecord record;
    private final int resets;

    Health(DeviceAccess device, MessageChannel messages, DeviceMemoryPort port, boolean watch) {
        this.device = device;
        this.messages = messages;
        this.heartbeat = new Heartbeat(device);
        this.watch = watch;
        this.port = port;
        this.record = new AttachRecord(device);
        this.resets = record.resets();
    }

    /** Whether another driver works with the device now: this one must not touch it any more. */
    boolean takenOver() {
        return record.anothers(resets);
    }

    /** Throws if the device was reset by somebody else since it was brought up. */
    private void requireSameLife() {
        if (record.resets() == resets) {
            return;
        }
        throw gone(takenOver() ? "another driver has taken the device over" : "the device was reset behind this driver's back");
    }

    /** Throws {@link DeviceLostException} if the firmware is gone. */
    void check() {
        requireSameLife();
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
            throw gone("boot.status.state is " + BootState.of(state) + crash(state));
        }
    }

    private String crash(int state) {
        if (state != BootState.CRASHED.value()) {
            return "";
        }
        return CrashReader.read(device, port).map(record -> ": " + record.reason()).orElse(", without a crash record");
    }

    private DeviceLostException gone(String why) {
        return new DeviceLostException(Failure.of(HgResult.DEVICE_UNAVAILABLE, device.name(), "firmware", "the firmware is gone: " + why,
                "reset the device and open it again").with(Xid.KERNEL_DEVICE_LOST));
    }
}
