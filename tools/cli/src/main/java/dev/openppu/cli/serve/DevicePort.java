package dev.openppu.cli.serve;

import dev.openppu.hal.mmio.Mmio;
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
        return switch (bytes) {
            case 1 -> registers.read8(address) & 0xffL;
            case 2 -> registers.read16(address) & 0xffffL;
            case 4 -> registers.read32(address) & 0xffff_ffffL;
            default -> registers.read64(address);
        };
    }

    @Override
    public void write(long address, int bytes, long value) {
        switch (bytes) {
            case 1 -> registers.write8(address, (byte) value);
            case 2 -> registers.write16(address, (short) value);
            case 4 -> registers.write32(address, (int) value);
            default -> registers.write64(address, value);
        }
    }

    @Override
    public <T> T hardware(Function<LiveRegisters, T> action) {
        return device.hardware(action);
    }
}
