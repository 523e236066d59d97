package dev.openppu.model.registers;

import dev.openppu.model.pcie.MsixTableView;
import dev.openppu.model.reg.MsixEntryRegs;
import dev.openppu.model.reg.PpuBar4Regs;

/** The MSI-X table and pending bits among the registers of BAR4. */
public final class MsixRegisters implements MsixTableView {
    private static final int WORD_BITS = 64;

    private final PpuBar4Regs registers;

    public MsixRegisters(PpuBar4Regs registers) {
        this.registers = registers;
    }

    @Override
    public long address(int vector) {
        MsixEntryRegs entry = registers.vector(vector);
        return (long) entry.readAddressHigh() << 32 | Integer.toUnsignedLong(entry.readAddressLow());
    }

    @Override
    public int data(int vector) {
        return registers.vector(vector).readData();
    }

    @Override
    public boolean masked(int vector) {
        return MsixEntryRegs.Control.mask(registers.vector(vector).readControl());
    }

    @Override
    public boolean pending(int vector) {
        return (registers.readPending(vector / WORD_BITS) >>> vector & 1) != 0;
    }

    @Override
    public void setPending(int vector, boolean pending) {
        int word = vector / WORD_BITS;
        long bit = 1L << vector;
        long bits = registers.readPending(word);
        registers.writePending(word, pending ? bits | bit : bits & ~bit);
    }
}
