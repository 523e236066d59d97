package dev.openppu.model.memory;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.memory.MemoryChannel;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.MmuAccess;
import dev.openppu.abi.reg.MmuReason;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.census.FaultReport;
import dev.openppu.model.interrupt.Cause;
import dev.openppu.model.interrupt.InterruptController;
import dev.openppu.model.reg.MemoryRegs;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Counts what {@link ErrorCorrection} finds, shows it in the registers, and tells the firmware of what counts. */
public final class EccUnit {
    private static final long NANOS = 200;
    private static final int MOST = 0xffff;
    private static final long PAGE = 4096;

    private final boolean present;
    private final MemoryRegs registers;
    private final ErrorCorrection correction;
    private final Agenda agenda;
    private final InterruptController interrupts;
    private final Consumer<FaultReport> firmware;
    private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();
    private final Map<Long, Integer> pages = new HashMap<>();
    private final int[] channels = new int[MemoryChannel.COUNT];
    private long totalCorrected;
    private long totalUncorrectable;

    private record Finding(long word, boolean corrected) {}

    /**
     * @param present whether the device has the code at all
     * @param firmware latches reports for it
     */
    public EccUnit(boolean present, MemoryRegs registers, ErrorCorrection correction, Agenda agenda, InterruptController interrupts,
            Consumer<FaultReport> firmware) {
        this.present = present;
        this.registers = registers;
        this.correction = correction;
        this.agenda = agenda;
        this.interrupts = interrupts;
        this.firmware = firmware;
        correction.report(this::found);
    }

    /** Begins anew; the totals go on. */
    public void reset() {
        findings.clear();
        pages.clear();
        channels[0] = 0;
        channels[1] = 0;
        int control = registers.readEccControl();
        boolean on = present && MemoryRegs.EccControl.pending(control);
        correction.enable(on);
        registers.writeEccControl(MemoryRegs.EccControl.withEnabled(control, on));
        showTotals();
    }

    /** Compute units find errors outside the exclusion: everything else happens later, under it. */
    private void found(long word, boolean corrected) {
        findings.add(new Finding(word, corrected));
        agenda.after(NANOS, "ecc.found", this::drain);
    }

    private void drain() {
        boolean any = false;
        for (Finding finding = findings.poll(); finding != null; finding = findings.poll()) {
            any = true;
            if (finding.corrected()) {
                corrected(finding.word());
            } else {
                uncorrectable(finding.word());
            }
        }
        if (any) {
            showTotals();
            interrupts.raise(Cause.ECC);
        }
    }

    private void corrected(long word) {
        totalCorrected++;
        int counters = registers.readEccCounters();
        int count = MemoryRegs.EccCounters.correctable(counters);
        registers.writeEccCounters(MemoryRegs.EccCounters.withCorrectable(counters, Math.min(count + 1, MOST)));
        int thresholds = registers.readEccThreshold();
        long page = word & -PAGE;
        if (pages.merge(page, 1, Integer::sum) == Math.max(1, MemoryRegs.EccThreshold.page(thresholds))) {
            report(FaultReport.Kind.MEMORY_PAGE_THRESHOLD, page);
        }
        int channel = MemoryChannel.of(word);
        if (++channels[channel] >= Math.max(1, MemoryRegs.EccThreshold.channel(thresholds))) {
            channels[channel] = 0;
            report(FaultReport.Kind.MEMORY_CHANNEL_THRESHOLD, word);
        }
    }

    private void uncorrectable(long word) {
        totalUncorrectable++;
        int counters = registers.readEccCounters();
        int count = MemoryRegs.EccCounters.uncorrectable(counters);
        registers.writeEccCounters(MemoryRegs.EccCounters.withUncorrectable(counters, Math.min(count + 1, MOST)));
        if (!MemoryRegs.EccAddress.valid(registers.readEccAddress())) {
            long address = MemoryRegs.EccAddress.withChannel(word & MemoryRegs.EccAddress.ADDRESS_MASK, MemoryChannel.of(word) == 1);
            registers.writeEccAddress(MemoryRegs.EccAddress.withValid(address, true));
        }
        report(FaultReport.Kind.MEMORY_UNCORRECTABLE, word);
    }

    private void report(FaultReport.Kind kind, long address) {
        firmware.accept(new FaultReport(kind, Engine.NONE, MmuReason.NONE, MmuAccess.READ, DeviceException.NONE, FaultReport.NO_CONTEXT,
                FaultReport.NO_QUEUE,
                address, 0, agenda.nanos()));
    }

    private void showTotals() {
        registers.writeEccTotalCorrectable(totalCorrected);
        registers.writeEccTotalUncorrectable(totalUncorrectable);
    }
}
