package dev.openppu.model.registers;

import dev.openppu.model.profile.DeviceProfile;
import dev.openppu.model.reg.ComputeRegs;
import dev.openppu.model.reg.ErrorLogRegs;
import dev.openppu.model.reg.FlashRegs;
import dev.openppu.model.reg.IdRegs.Capabilities;
import dev.openppu.model.reg.MemoryRegs;
import dev.openppu.model.reg.MmuRegs;
import dev.openppu.model.reg.PerfRegs;
import dev.openppu.model.reg.PowerRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import dev.openppu.model.reg.RetirementRegs;
import java.util.List;

/** Which blocks a device has: the table that ties {@code id.capabilities} to the registers behind each bit. */
public final class Presence {
    /** What this model implements; the other blocks read as absent. */
    private static final int IMPLEMENTED = Capabilities.QUEUES_MASK | Capabilities.COPY_MASK | Capabilities.COMPUTE_MASK
            | Capabilities.MMU_MASK
            | Capabilities.SCRUB_MASK | Capabilities.PERF_MASK | Capabilities.ERROR_LOG_MASK | Capabilities.FLASH_MASK
            | Capabilities.ECC_MASK | Capabilities.POWER_MASK;

    private static final List<Range> RANGES = List.of(
            Range.array(Capabilities.QUEUES_MASK, PpuBar0Regs.QUEUE_OFFSET, PpuBar0Regs.QUEUE_STRIDE, PpuBar0Regs.QUEUE_COUNT),
            Range.array(Capabilities.COPY_MASK, PpuBar0Regs.COPY_OFFSET, PpuBar0Regs.COPY_STRIDE, PpuBar0Regs.COPY_COUNT),
            new Range(Capabilities.COMPUTE_MASK, PpuBar0Regs.COMPUTE_OFFSET, ComputeRegs.SIZE),
            Range.array(Capabilities.COMPUTE_MASK, PpuBar0Regs.ENGINE_OFFSET, PpuBar0Regs.ENGINE_STRIDE, PpuBar0Regs.ENGINE_COUNT),
            new Range(Capabilities.MMU_MASK, PpuBar0Regs.MMU_OFFSET, MmuRegs.SIZE),
            Range.array(Capabilities.MMU_MASK, PpuBar0Regs.CONTEXT_OFFSET, PpuBar0Regs.CONTEXT_STRIDE, PpuBar0Regs.CONTEXT_COUNT),
            new Range(Capabilities.SCRUB_MASK, PpuBar0Regs.MEMORY_OFFSET + MemoryRegs.SCRUB_OFFSET,
                    MemoryRegs.ECC_COUNTERS_OFFSET - MemoryRegs.SCRUB_OFFSET),
            new Range(Capabilities.ECC_MASK, PpuBar0Regs.MEMORY_OFFSET + MemoryRegs.ECC_COUNTERS_OFFSET,
                    MemoryRegs.RESERVED_OFFSET - MemoryRegs.ECC_COUNTERS_OFFSET),
            new Range(Capabilities.ECC_MASK, PpuBar0Regs.MEMORY_OFFSET + MemoryRegs.ECC_CONTROL_OFFSET,
                    MemoryRegs.SIZE - MemoryRegs.ECC_CONTROL_OFFSET),
            new Range(Capabilities.ECC_MASK, PpuBar0Regs.RETIREMENT_OFFSET, RetirementRegs.SIZE),
            new Range(Capabilities.FLASH_MASK, PpuBar0Regs.FLASH_OFFSET, FlashRegs.SIZE),
            Range.array(Capabilities.ICN_MASK, PpuBar0Regs.ICN_OFFSET, PpuBar0Regs.ICN_STRIDE, PpuBar0Regs.ICN_COUNT),
            new Range(Capabilities.POWER_MASK, PpuBar0Regs.POWER_OFFSET, PowerRegs.SIZE),
            new Range(Capabilities.PERF_MASK, PpuBar0Regs.PERF_OFFSET, PerfRegs.SIZE),
            new Range(Capabilities.ERROR_LOG_MASK, PpuBar0Regs.ERROR_LOG_OFFSET, ErrorLogRegs.SIZE));

    private final DeviceProfile profile;

    /** Registers from {@code offset} for {@code bytes} belong to a capability. */
    private record Range(int capability, long offset, long bytes) {
        static Range array(int capability, long offset, long stride, int count) {
            return new Range(capability, offset, stride * count);
        }
    }

    public Presence(DeviceProfile profile) {
        this.profile = profile;
    }

    /** Value of {@code id.capabilities}. */
    public int capabilities() {
        int present = IMPLEMENTED;
        if (profile.copyEngines() == 0) {
            present &= ~Capabilities.COPY_MASK;
        }
        if (profile.computeUnits() == 0) {
            present &= ~Capabilities.COMPUTE_MASK;
        }
        if (profile.equipment().idleWatts() == 0) {
            present &= ~Capabilities.POWER_MASK;
        }
        if (!profile.equipment().ecc()) {
            present &= ~Capabilities.ECC_MASK;
        }
        if (!profile.equipment().flash()) {
            present &= ~Capabilities.FLASH_MASK;
        }
        return present;
    }

    /** Marks in BAR0 what the device lacks: blocks, and elements of arrays beyond the profile's counts. */
    public void apply(RegisterBar bar) {
        int present = capabilities();
        for (Range range : RANGES) {
            bar.markAbsent(range.offset(), range.bytes(), (range.capability() & present) == 0);
        }
        lackFrom(bar, PpuBar0Regs.QUEUE_OFFSET, PpuBar0Regs.QUEUE_STRIDE, profile.queues(), PpuBar0Regs.QUEUE_COUNT);
        lackFrom(bar, PpuBar0Regs.COPY_OFFSET, PpuBar0Regs.COPY_STRIDE, profile.copyEngines(), PpuBar0Regs.COPY_COUNT);
        lackFrom(bar, PpuBar0Regs.ENGINE_OFFSET, PpuBar0Regs.ENGINE_STRIDE, profile.computeEngines(), PpuBar0Regs.ENGINE_COUNT);
        lackFrom(bar, PpuBar0Regs.CONTEXT_OFFSET, PpuBar0Regs.CONTEXT_STRIDE, profile.contexts(), PpuBar0Regs.CONTEXT_COUNT);
    }

    private static void lackFrom(RegisterBar bar, long offset, long stride, int first, int count) {
        if (first < count) {
            bar.markAbsent(offset + stride * first, stride * (count - first), true);
        }
    }
}
