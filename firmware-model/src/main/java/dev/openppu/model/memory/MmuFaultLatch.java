package dev.openppu.model.memory;

import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.model.reg.MmuRegs;

/** The MMU's fault record: keeps the first fault until software frees it, and counts the others. */
public final class MmuFaultLatch {
    private static final int MOST = 0xffff;

    private final MmuRegs registers;
    private int count;

    public MmuFaultLatch(MmuRegs registers) {
        this.registers = registers;
    }

    /**
     * What is recorded.
     *
     * @param level where the walk stopped
     * @param address virtual
     * @param pc virtual address of the instruction, or 0
     */
    public record Fault(Engine engine, MmuReason reason, MmuAccess access, int level, int context, int queue, long address, long pc) {}

    public void record(Fault fault) {
        count = Math.min(count + 1, MOST);
        int status = registers.readFaultStatus();
        if (!MmuRegs.FaultStatus.valid(status)) {
            registers.writeFaultSource(MmuRegs.FaultSource.withQueue(MmuRegs.FaultSource.withContext(0, fault.context()), fault.queue()));
            registers.writeFaultAddress(fault.address());
            registers.writeFaultPc(fault.pc());
            status = MmuRegs.FaultStatus.withAccess(status, fault.access());
            status = MmuRegs.FaultStatus.withReason(status, fault.reason());
            status = MmuRegs.FaultStatus.withEngine(status, fault.engine());
            status = MmuRegs.FaultStatus.withWalkLevel(status, fault.level());
            status = MmuRegs.FaultStatus.withValid(status, true);
        }
        registers.writeFaultStatus(MmuRegs.FaultStatus.withCount(status, count));
    }

    /** Software wrote {@code fault_status}; if that freed the record, counting begins anew. */
    public void written() {
        if (!MmuRegs.FaultStatus.valid(registers.readFaultStatus())) {
            count = 0;
        }
    }

    public void reset() {
        count = 0;
    }
}
