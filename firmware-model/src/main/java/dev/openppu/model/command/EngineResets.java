package dev.openppu.model.command;

import dev.openppu.abi.reg.Engine;
import dev.openppu.model.agenda.Agenda;
import dev.openppu.model.fault.FaultPlan;
import dev.openppu.model.interrupt.Cause;
import dev.openppu.model.interrupt.InterruptController;
import dev.openppu.model.reg.EngineResetRegs;

/**
 * The registers of {@code engine_reset}: takes requests, has engines give up their work, and says how it went.
 *
 * <p>A reset that does not bring the engine back within a bounded time has failed: the engine is as it was, and only a reset of the function helps.
 */
public final class EngineResets {
    private static final Engine[] ENGINES = {Engine.COPY0, Engine.COPY1, Engine.COMPUTE};
    private static final long NANOS = 20_000;
    private static final long SPREAD = 20_000;
    private static final long SIMULATED_LIMIT = 20_000_000;
    private static final long REAL_LIMIT = 200_000_000;

    private final EngineResetRegs registers;
    private final Agenda agenda;
    private final InterruptController interrupts;
    private final FaultPlan faults;
    private final Engines engines;
    private final long[] attempts = new long[ENGINES.length];
    private int busy;
    private int failed;
    private int done;

    /** The engines that can be reset one by one. */
    public interface Engines {
        /** The engine exists. */
        boolean present(Engine engine);

        /** Takes the engine's work away; {@code then} runs when all of it has ended. */
        void reset(Engine engine, Runnable then);
    }

    public EngineResets(EngineResetRegs registers, Agenda agenda, InterruptController interrupts, FaultPlan faults, Engines engines) {
        this.registers = registers;
        this.agenda = agenda;
        this.interrupts = interrupts;
        this.faults = faults;
        this.engines = engines;
    }

    /** Software wrote {@code request}: bits of engines; one that is being reset already, or is absent, is ignored. */
    public void requested(int request) {
        for (int i = 0; i < ENGINES.length; i++) {
            if ((request >>> i & 1) != 0 && (busy >>> i & 1) == 0 && engines.present(ENGINES[i])) {
                begin(i);
            }
        }
    }

    /** Forgets everything, as a reset of the function does. */
    public void reset() {
        busy = 0;
        failed = 0;
        done = 0;
        for (int i = 0; i < attempts.length; i++) {
            attempts[i]++;
        }
    }

    private void begin(int i) {
        long attempt = ++attempts[i];
        busy |= 1 << i;
        failed &= ~(1 << i);
        show();
        if (agenda.trace().on()) {
            agenda.trace().record("cp", "engine-reset", ENGINES[i].name());
        }
        long extra = faults.extraNanos(ENGINES[i]);
        long limit = agenda.realTime() ? REAL_LIMIT : SIMULATED_LIMIT;
        if (extra < limit) {
            agenda.afterAbout(NANOS + extra, SPREAD, "engine.reset", () -> {
                if (attempt == attempts[i] && (busy >>> i & 1) != 0) {
                    engines.reset(ENGINES[i], () -> end(i, attempt, true));
                }
            });
        }
        agenda.after(limit, "engine.reset.limit", () -> end(i, attempt, false));
    }

    private void end(int i, long attempt, boolean well) {
        if (attempt != attempts[i] || (busy >>> i & 1) == 0) {
            return;
        }
        busy &= ~(1 << i);
        failed |= well ? 0 : 1 << i;
        done++;
        show();
        registers.writeDone(done);
        if (well) {
            faults.engineReset(ENGINES[i]);
        }
        interrupts.raise(Cause.ENGINE_RESET);
    }

    private void show() {
        registers.writeStatus(EngineResetRegs.Status.withFailed(EngineResetRegs.Status.withBusy(0, busy), failed));
    }
}
