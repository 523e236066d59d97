package dev.openppu.harness.bench;

import dev.openppu.abi.reg.MsixEntryRegs;
import dev.openppu.abi.reg.PpuBar4Regs;

/**
 * Accesses to the MSI-X structures that generated accessors do not make: two doublewords of an entry at once, which PCIe allows (7.7.2), and writes to the pending bits,
 * which are read-only.
 */
public final class VectorTable {
    private final PpuBar4Regs registers;

    VectorTable(PpuBar4Regs registers) {
        this.registers = registers;
    }

    /** An entry's registers. */
    public MsixEntryRegs entry(int vector) {
        return registers.vector(vector);
    }

    /** Both halves of an entry's address. */
    public long readAddress(int vector) {
        return registers.mmio().read64(entry(vector).base() + MsixEntryRegs.ADDRESS_LOW_OFFSET);
    }

    public void writeAddress(int vector, long address) {
        registers.mmio().write64(entry(vector).base() + MsixEntryRegs.ADDRESS_LOW_OFFSET, address);
    }

    /** An entry's data, and its control in the upper half. */
    public long readMessage(int vector) {
        return registers.mmio().read64(entry(vector).base() + MsixEntryRegs.DATA_OFFSET);
    }

    /** Pending bits of vectors {@code 64 * word} and up. */
    public long readPending(int word) {
        return registers.readPending(word);
    }

    /** Writes where the pending bits are, as no software should. */
    public void writePending(int word, long value) {
        registers.mmio().write64(PpuBar4Regs.PENDING_OFFSET + word * PpuBar4Regs.PENDING_STRIDE, value);
    }
}
