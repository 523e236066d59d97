package dev.openppu.model.command;

import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.census.Census;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.interrupt.Cause;
import dev.openppu.model.interrupt.InterruptController;
import dev.openppu.model.memory.MmuFaultLatch;
import java.util.function.Consumer;

/** Where a failed packet becomes visible: the MMU's record, the causes of vector 0, the firmware's fault FIFO. */
public final class FaultUnit {
    private final Agenda agenda;
    private final MmuFaultLatch latch;
    private final InterruptController interrupts;
    private final Consumer<FaultReport> firmware;
    private final Census census;

    public FaultUnit(Agenda agenda, MmuFaultLatch latch, InterruptController interrupts, Consumer<FaultReport> firmware,
            Census census) {
        this.agenda = agenda;
        this.latch = latch;
        this.interrupts = interrupts;
        this.firmware = firmware;
        this.census = census;
    }

    /** A queue has stopped without a fault of its own. */
    void queueStopped() {
        interrupts.raise(Cause.QUEUE_ERROR);
    }

    /** A reset of a queue has ended, well or badly. */
    void resetEnded() {
        interrupts.raise(Cause.ENGINE_RESET);
    }

    void report(int context, int queue, WorkFault fault) {
        if (fault.memory()) {
            census.pageFault(fault.reason());
            latch.record(new MmuFaultLatch.Fault(fault.engine(), fault.reason(), fault.access(), fault.level(), context, queue,
                    fault.address(), fault.pc()));
            interrupts.raise(Cause.MMU_FAULT);
        }
        interrupts.raise(Cause.QUEUE_ERROR);
        firmware.accept(new FaultReport(fault.kind(), fault.engine(), fault.reason(), fault.access(), fault.exception(), context, queue,
                fault.address(),
                fault.pc(), agenda.nanos()));
    }
}
