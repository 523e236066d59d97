package dev.openppu.harness.bench;

import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.PerfRegs;
import dev.openppu.abi.reg.PpuBar0Regs;

/**
 * Register accesses that the generated accessors cannot make, because no driver may: outside the map, and of a width that the register does not have, which the device
 * answers with zero and an entry in the error log (docs/device.md, section 2); and to a register that can only be read, which it ignores.
 */
public final class ForbiddenAccess {
    private final PpuBar0Regs registers;

    ForbiddenAccess(PpuBar0Regs registers) {
        this.registers = registers;
    }

    /** Reads 32 bits behind the last register of the perf block. */
    public int readReserved() {
        return registers.mmio().read32(reserved());
    }

    /** Writes all ones to where {@link #readReserved} reads. */
    public void writeReserved() {
        registers.mmio().write32(reserved(), -1);
    }

    /** Reads the lower half of id.magic, a 32-bit register. */
    public short readNarrow() {
        return registers.mmio().read16(magic());
    }

    /** Reads id.magic and the register behind it in one access. */
    public long readWide() {
        return registers.mmio().read64(magic());
    }

    /** Writes all ones to the lower half of id.test, a 32-bit register. */
    public void writeNarrow() {
        registers.mmio().write16(registers.id().base() + IdRegs.TEST_OFFSET, (short) -1);
    }

    /** Writes to interrupts.status, which software can only read. */
    public void writeInterruptStatus(int value) {
        registers.mmio().write32(registers.interrupts().base() + InterruptsRegs.STATUS_OFFSET, value);
    }

    private long reserved() {
        return registers.perf().base() + PerfRegs.SIZE;
    }

    private long magic() {
        return registers.id().base() + IdRegs.MAGIC_OFFSET;
    }
}
