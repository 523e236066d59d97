package dev.openppu.model.registers;

import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.model.reg.PpuBar4Regs;

/**
 * BAR4: doorbells as they are, and around the MSI-X structures the freedom that PCIe gives software (7.7.2): the table and the pending bits may be accessed by
 * 4 or 8 bytes at will.
 */
public final class DoorbellBar implements MmioTrap {
    private static final int HIGH_SHIFT = 32;
    private static final long LOW_MASK = 0xffff_ffffL;

    private final RegisterBar registers;

    public DoorbellBar(RegisterBar registers) {
        this.registers = registers;
    }

    @Override
    public long read(long offset, int bytes) {
        if (offset >= PpuBar4Regs.VECTOR_OFFSET && bytes == 8 && registers.width(offset) == 4) {
            return registers.read(offset, 4) | registers.read(offset + 4, 4) << HIGH_SHIFT;
        }
        long whole = offset & ~7;
        if (whole >= PpuBar4Regs.PENDING_OFFSET && bytes == 4 && registers.width(whole) == 8) {
            long both = registers.read(whole, 8);
            return offset == whole ? both & LOW_MASK : both >>> HIGH_SHIFT;
        }
        return registers.read(offset, bytes);
    }

    @Override
    public void write(long offset, int bytes, long value) {
        if (offset >= PpuBar4Regs.VECTOR_OFFSET && bytes == 8 && registers.width(offset) == 4) {
            registers.write(offset, 4, value & LOW_MASK);
            registers.write(offset + 4, 4, value >>> HIGH_SHIFT);
        } else {
            registers.write(offset, bytes, value);
        }
    }
}
