package dev.openppu.harness.bench;

import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.owner.DeviceAccess;
import dev.openppu.driver.owner.DeviceMemoryPort;
import dev.openppu.driver.owner.FirmwareBoot;
import dev.openppu.driver.owner.PinnedMemory;
import dev.openppu.hal.DeviceLink;

/** A device that is switched on and not brought up: registers, device memory through BAR2, and the boot ROM. */
public final class BareDevice {
    private static final long BOOT_NANOS = 10_000_000_000L;

    private final DeviceAccess access;
    private final DeviceMemoryPort port;
    private final FirmwareBoot boot;

    public BareDevice(DeviceLink link) {
        this.access = new DeviceAccess(link);
        this.port = new DeviceMemoryPort(link.runtime(), access.memoryWindow(), access.registers().memory(),
                access.registers().memory().readSize());
        this.boot = new FirmwareBoot(access, port, new PinnedMemory(link.dma()), BOOT_NANOS, state -> {});
    }

    public PpuBar0Regs registers() {
        return access.registers();
    }

    public DeviceMemoryPort memory() {
        return port;
    }

    public FirmwareBoot boot() {
        return boot;
    }
}
