package dev.openppu.harness.bringup;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.mmio.Mmio;

/** A link whose registers of BAR0 are handed on; a test overrides what is to be wrong. Registers of which one alone is always wrong: {@link WrongRegisters}. */
public class DefectiveRegisters extends DefectiveLink {
    public DefectiveRegisters(DeviceLink sound) {
        super(sound);
    }

    /** What a register reads as that holds {@code value}. */
    protected long reads(PpuBar0Regs registers, long offset, long value) {
        return value;
    }

    /** What arrives of a write. */
    protected long arrives(PpuBar0Regs registers, long offset, long value) {
        return value;
    }

    @Override
    public final Mmio bar(int index) {
        Mmio window = super.bar(index);
        PpuBar0Regs registers = new PpuBar0Regs(window);
        return index != PpuIds.BAR_REGISTERS ? window : through(window, new Trap() {
            @Override
            public long read(long offset, int bytes) {
                return reads(registers, offset, super.read(offset, bytes));
            }

            @Override
            public void write(long offset, int bytes, long value) {
                super.write(offset, bytes, arrives(registers, offset, value));
            }
        });
    }
}
