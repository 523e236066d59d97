package dev.openppu.model.memory;

import dev.openppu.abi.reg.MmuScope;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.reg.MmuRegs;

/** The register side of {@code mmu.invalidate}: takes commands, and counts one finished when no engine uses an older translation. */
public final class Invalidator {
    private static final long NANOS = 800;
    private static final long SPREAD = 1500;
    private static final long RETRY = 1000;

    private final Mmu mmu;
    private final MmuRegs registers;
    private final Agenda agenda;
    private final Users users;
    private long begun;
    private int done;

    /** Engines that translate outside the device's exclusion. */
    public interface Users {
        /** A mark for everything that is running now. */
        long mark();

        /** Whether everything that was running at {@code mark} has ended. */
        boolean endedSince(long mark);
    }

    public Invalidator(Mmu mmu, MmuRegs registers, Agenda agenda, Users users) {
        this.mmu = mmu;
        this.registers = registers;
        this.agenda = agenda;
        this.users = users;
    }

    /** Software wrote {@code mmu.invalidate} with {@code start}. */
    public void begin() {
        int command = registers.readInvalidate();
        MmuScope scope = MmuScope.of(MmuRegs.Invalidate.scope(command));
        int context = MmuRegs.Invalidate.context(command);
        long address = registers.readInvalidateAddress();
        long number = ++begun;
        // a scope that does not exist is taken for the widest: never leave a translation that software believes gone
        MmuScope effective = scope == null ? MmuScope.ALL : scope;
        mmu.invalidate(effective, context, address);
        long mark = users.mark();
        agenda.afterAbout(NANOS, SPREAD, "mmu.invalidate", () -> finish(number, mark));
    }

    /** Everything begun is forgotten. */
    public void reset() {
        begun = 0;
        done = 0;
    }

    private void finish(long number, long mark) {
        if (number != done + 1 || !users.endedSince(mark)) {
            agenda.after(RETRY, "mmu.invalidate", () -> finish(number, mark));
            return;
        }
        done++;
        registers.writeInvalidateDone(done);
    }
}
