package dev.openppu.model.device;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.registers.RegisterBar;

/** Host accesses that hit nothing: reported to the firmware, which logs an XID. */
final class FabricFaults implements RegisterBar.Violations {
    private final FaultFifo fifo;
    private final Agenda agenda;

    FabricFaults(FaultFifo fifo, Agenda agenda) {
        this.fifo = fifo;
        this.agenda = agenda;
    }

    @Override
    public void noRegister(long offset) {
        report(FaultReport.Kind.REGISTER_ADDRESS, MmuReason.NONE, offset);
    }

    @Override
    public void otherWidth(long offset) {
        report(FaultReport.Kind.REGISTER_WIDTH, MmuReason.NONE, offset);
    }

    /** An access through BAR2 behind the end of device memory. */
    void beyondMemory(long address) {
        report(FaultReport.Kind.OPERAND, MmuReason.INVALID_PA, address);
    }

    private void report(FaultReport.Kind kind, MmuReason reason, long address) {
        fifo.latch(new FaultReport(kind, Engine.NONE, reason, MmuAccess.READ, DeviceException.NONE, FaultReport.NO_CONTEXT,
                FaultReport.NO_QUEUE, address, 0,
                agenda.nanos()));
    }
}
