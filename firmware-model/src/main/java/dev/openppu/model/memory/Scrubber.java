package dev.openppu.model.memory;

import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.interrupt.Cause;
import dev.openppu.model.interrupt.InterruptController;
import dev.openppu.model.reg.MemoryRegs;

/**
 * The scrubber's registers and pace: reads the memory, so that ECC corrects single errors and reports double ones. What was never written does not become
 * resident.
 */
public final class Scrubber {
    private static final int ALIGNMENT = 4096;
    private static final long STEP_BYTES = 1L << 30;
    private static final long BYTES_PER_MICRO = 400_000;
    private static final long NANOS_PER_MICRO = 1000;

    private final MemoryRegs registers;
    private final SparseMemory memory;
    private final Agenda agenda;
    private final InterruptController interrupts;
    private long pass;

    public Scrubber(MemoryRegs registers, SparseMemory memory, Agenda agenda, InterruptController interrupts) {
        this.registers = registers;
        this.memory = memory;
        this.agenda = agenda;
        this.interrupts = interrupts;
    }

    /** Software wrote {@code memory.scrub}. */
    public void command(int written) {
        if (MemoryRegs.Scrub.stop(written)) {
            end(false);
        }
        if (MemoryRegs.Scrub.start(written)) {
            begin();
        }
    }

    private void begin() {
        long first = registers.readScrubFirst();
        long last = registers.readScrubLast();
        boolean bad = first % ALIGNMENT != 0 || first < 0 || last < first || last >= memory.size();
        if (bad) {
            end(true);
            return;
        }
        registers.writeScrub(MemoryRegs.Scrub.withBusy(0, true));
        registers.writeScrubNext(first);
        step(++pass, first, last);
    }

    private void step(long number, long next, long last) {
        long bytes = Math.min(STEP_BYTES, last - next + 1);
        agenda.after(Math.max(1, bytes / BYTES_PER_MICRO) * NANOS_PER_MICRO, "memory.scrub", () -> {
            if (number != pass) {
                return;
            }
            long reached = next + bytes;
            readAll(next, reached);
            registers.writeScrubNext(reached);
            if (reached > last) {
                end(false);
                interrupts.raise(Cause.SCRUB_DONE);
            } else {
                step(number, reached, last);
            }
        });
    }

    private void readAll(long from, long to) {
        for (long at = from; at < to;) {
            long unreadable = memory.correction().check(at, to - at);
            at = unreadable < 0 ? to : unreadable + ErrorCorrection.WORD;
        }
    }

    private void end(boolean bad) {
        pass++;
        registers.writeScrub(MemoryRegs.Scrub.withBadRange(0, bad));
    }
}
