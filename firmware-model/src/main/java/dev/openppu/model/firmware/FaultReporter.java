package dev.openppu.model.firmware;

import dev.openppu.abi.error.FaultMapping;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.firmware.XidEvent;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.firmware.board.Board;
import dev.openppu.model.reg.ErrorEntryRegs;
import dev.openppu.model.reg.ErrorLogRegs;
import dev.openppu.model.reg.InterruptsRegs;
import dev.openppu.model.reg.PpuBar0Regs;
import java.util.Locale;

/** Turns what hardware latched into XIDs: an entry in the error log, a cause, an event to the host. */
final class FaultReporter implements Task {
    private final Board board;
    private final ErrorLogRegs log;
    private final InterruptsRegs interrupts;
    private final EventRing events;
    private final FirmwareLog firmwareLog;
    private final Retirement retirement;
    private final Runnable queued;

    FaultReporter(Board board, PpuBar0Regs registers, EventRing events, FirmwareLog firmwareLog, Retirement retirement,
            Runnable queued) {
        this.board = board;
        this.log = registers.errorLog();
        this.interrupts = registers.interrupts();
        this.events = events;
        this.firmwareLog = firmwareLog;
        this.retirement = retirement;
        this.queued = queued;
    }

    @Override
    public void run() {
        for (FaultReport fault = board.nextFault(); fault != null; fault = board.nextFault()) {
            switch (fault.kind()) {
                case MEMORY_PAGE_THRESHOLD -> retirement.errors(fault.address(), false);
                case MEMORY_UNCORRECTABLE -> {
                    report(fault);
                    retirement.errors(fault.address(), true);
                }
                default -> report(fault);
            }
        }
    }

    private void report(FaultReport fault) {
        FaultMapping meaning = FaultMeaning.of(fault);
        int xid = meaning.xid().number();
        write(fault, xid);
        firmwareLog.reported(line(fault, meaning));
        interrupts.writeRaw(InterruptsRegs.Raw.ERROR_MASK);
        XidEvent event = new XidEvent(xid, fault.exception(), fault.reason().value(), fault.engine().value(), fault.access().value(),
                fault.context(),
                fault.queue(), fault.address(), fault.pc(), fault.nanos());
        events.send(Outgoing.event(MessageType.XID.code(), message -> event.encode(message, 0)));
        queued.run();
    }

    private static String line(FaultReport fault, FaultMapping meaning) {
        String queue = fault.queue() == FaultReport.NO_QUEUE
                ? ""
                : String.format(Locale.ROOT, ", context %d queue %d", fault.context(), fault.queue());
        return "%s: %s at 0x%x%s".formatted(meaning.xid(), meaning.cause(), fault.address(), queue);
    }

    private void write(FaultReport fault, int xid) {
        int total = log.readTotal();
        ErrorEntryRegs entry = log.entry(total & ErrorLogRegs.ENTRY_COUNT - 1);
        entry.writeXid(ErrorEntryRegs.Xid.withCode(0, xid));
        entry.writeSource(ErrorEntryRegs.Source.withQueue(ErrorEntryRegs.Source.withContext(0, fault.context()), fault.queue()));
        entry.writeAddress(fault.address());
        entry.writeTime(fault.nanos());
        log.writeTotal(total + 1);
    }
}
