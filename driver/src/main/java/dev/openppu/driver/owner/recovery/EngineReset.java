package dev.openppu.driver.owner.recovery;

import dev.openppu.abi.reg.CopyEngineRegs;
import dev.openppu.abi.reg.EngineResetRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.driver.owner.DeviceAccess;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The second rung: copy engines, or the compute units. Their work is abandoned, its signals are stored as -1, and its queues stop with RESET. */
public final class EngineReset {
    private final DeviceAccess device;
    private final long timeoutNanos;

    /** What can be reset alone, in the order of the bits of {@code engine_reset}. */
    public enum Unit {
        COPY0, COPY1, COMPUTE;

        int bit() {
            return 1 << ordinal();
        }
    }

    /** @param timeoutNanos longest that the device may take to say how it went; the link stretches it */
    public EngineReset(DeviceAccess device, long timeoutNanos) {
        this.device = device;
        this.timeoutNanos = timeoutNanos;
    }

    /** The engines that may have work of a queue: the copy engine that says so, or all that are busy. */
    public Set<Unit> holding(int queue) {
        Set<Unit> units = EnumSet.noneOf(Unit.class);
        for (int i = 0; i < PpuBar0Regs.COPY_COUNT; i++) {
            int status = device.checked(device.registers().copy(i).readStatus());
            if (CopyEngineRegs.Status.busy(status) && CopyEngineRegs.Status.queue(status) == queue) {
                units.add(Unit.values()[i]);
            }
        }
        if (units.isEmpty()) {
            units.add(Unit.COMPUTE);
        }
        return units;
    }

    /** Resets engines; empty if all came back, otherwise which did not. */
    public Optional<String> reset(Set<Unit> units) {
        int bits = units.stream().mapToInt(Unit::bit).sum();
        EngineResetRegs registers = device.registers().engineReset();
        int before = device.counted(registers.readDone());
        int request = EngineResetRegs.Request.withCopy0(0, units.contains(Unit.COPY0));
        request = EngineResetRegs.Request.withCopy1(request, units.contains(Unit.COPY1));
        registers.writeRequest(EngineResetRegs.Request.withCompute(request, units.contains(Unit.COMPUTE)));
        boolean ended = device.poll(() -> ended(registers, bits) && device.counted(registers.readDone()) - before >= units.size(),
                device.runtime().deadline(timeoutNanos));
        int status = device.checked(registers.readStatus());
        int failed = (ended ? 0 : EngineResetRegs.Status.busy(status)) | EngineResetRegs.Status.failed(status) & bits;
        if (ended && failed == 0) {
            return Optional.empty();
        }
        return Optional
                .of(units.stream().filter(u -> failed == 0 || (failed & u.bit()) != 0).map(Unit::name).collect(Collectors.joining(" and "))
                        + (ended ? " did not come back from the reset" : " did not end the reset in time"));
    }

    private boolean ended(EngineResetRegs registers, int bits) {
        return (EngineResetRegs.Status.busy(device.checked(registers.readStatus())) & bits) == 0;
    }
}
