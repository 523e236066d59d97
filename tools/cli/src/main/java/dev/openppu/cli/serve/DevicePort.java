package dev.openppu.cli.serve;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.SizedAccess;
import dev.openppu.model.rdl.RdlDevice;
import dev.openppu.rdl.live.LiveRegisters;
import dev.openppu.rdl.live.script.ScriptPort;
import java.util.function.Function;

/** Scripts' way to a device: software's accesses go through the link, as a driver's do. */
final class DevicePort implements ScriptPort {

    private final RdlDevice device;
    private final Mmio registers;

    DevicePort(RdlDevice device) {
        this.device = device;
        this.registers = device.registers();
    }

    @Override
    public long read(long address, int bytes) {
        return SizedAccess.read(registers, address, bytes);
    }

    @Override
    public void write(long address, int bytes, long value) {
        SizedAccess.write(registers, address, bytes, value);
    }

    @Override
    public <T> T hardware(Function<LiveRegisters, T> action) {
        return device.hardware(action);
    }
}
