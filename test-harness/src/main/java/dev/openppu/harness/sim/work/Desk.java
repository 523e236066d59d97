package dev.openppu.harness.sim.work;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.ResetReport;
import dev.openppu.harness.sim.check.Ladder;
import dev.openppu.harness.sim.check.Reach;
import dev.openppu.model.fault.Strike;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What all tenants of a device know of it: what has struck, and what one of them does to it as its administrator. Thread-safe. */
public final class Desk {
    private final Supplier<List<Strike>> strikes;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicInteger intoPrimary = new AtomicInteger();
    private final AtomicBoolean primaryTaken = new AtomicBoolean();
    private volatile Reach reset = Reach.NOBODY;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger spared = new AtomicInteger();
    /** Odd while the device is drained. */
    private final AtomicInteger drains = new AtomicInteger();

    /** @param strikes faults that may be felt */
    public Desk(Supplier<List<Strike>> strikes) {
        this.strikes = strikes;
    }

    /** Whether the device may have said that something is done which is not. */
    boolean deviceLies() {
        return strikes.get().stream().anyMatch(strike -> Reach.lies(strike.point()));
    }

    /** Whether what is read from registers stands there, and what is written to them gets there. */
    boolean registersTrue() {
        return strikes.get().stream().noneMatch(strike -> Reach.ofRegisters(strike.point()));
    }

    /** Whether nothing has struck, or was done, that may cost the device its epoch. */
    boolean epochSafe() {
        return reach().compareTo(Reach.EPOCH) < 0;
    }

    /** Whether nothing has struck at all. */
    public boolean quiet() {
        return strikes.get().isEmpty();
    }

    /** Whether what has struck may cost nobody anything. */
    boolean harmless() {
        return Reach.of(strikes.get()) == Reach.NOBODY;
    }

    /** How far anything may reach that has struck or that was asked for. */
    public Reach reach() {
        Reach struck = Reach.of(strikes.get());
        Reach asked = reset;
        return struck.compareTo(asked) > 0 ? struck : asked;
    }

    /** Whether somebody has asked for a new epoch. */
    public boolean epochAsked() {
        return reset == Reach.EPOCH;
    }

    /** Of the attempts to reset a device that was given up, those which met no fault of their own. */
    public int spared() {
        return spared.get();
    }

    /** Resets that were asked for, and have ended. */
    public int asked() {
        return asked.get();
    }

    /** A reset has ended, as one asked who has {@link #enter entered}. */
    void hasReset(ResetReport report) {
        asked.incrementAndGet();
        if (report.attempts().stream().anyMatch(attempt -> attempt.level().endsEpoch())) {
            resets(ResetLevel.FUNCTION);
        }
        if (!report.recovered()) {
            spared.addAndGet(Ladder.spared(report.asked()));
        }
    }

    /** The device is about to be reset by one that has {@link #enter entered}. */
    void resets(ResetLevel level) {
        if (reset != Reach.EPOCH) {
            reset = level.endsEpoch() ? Reach.EPOCH : Reach.CONTEXTS;
        }
    }

    /** One administrator at a time changes what concerns all; {@code false} if another one does so now. {@link #leave} follows. */
    boolean enter() {
        return taken.compareAndSet(false, true);
    }

    void leave() {
        taken.set(false);
    }

    /** Has a tenant take the primary context, unless another one has that for itself. */
    void intoPrimary(Runnable taking) {
        intoPrimary.incrementAndGet();
        try {
            if (!primaryTaken.get()) {
                taking.run();
            }
        } finally {
            intoPrimary.decrementAndGet();
        }
    }

    /** Has a tenant use the primary context for itself; not if any other is in it, or about to be. */
    void withPrimary(Ppu ppu, Runnable use) {
        if (primaryTaken.compareAndSet(false, true)) {
            try {
                if (intoPrimary.get() == 0 && ppu.primaryContext().state().retained() == 0) {
                    use.run();
                }
            } finally {
                primaryTaken.set(false);
            }
        }
    }

    /** Drains the device while {@code meanwhile} runs. */
    void draining(Ppu ppu, Runnable meanwhile) {
        drains.incrementAndGet();
        try {
            ppu.drain(true);
            meanwhile.run();
        } finally {
            ppu.drain(false);
            drains.incrementAndGet();
        }
    }

    /** How often it has begun or ended that the device is drained. */
    int drains() {
        return drains.get();
    }

    /**
     * Whether a call was refused because the device took no new contexts just then, or for a while since the call began.
     *
     * @param drainsBefore when the call began
     */
    boolean refused(PpuException e, int drainsBefore) {
        return e.hgresult() == HgResult.DEVICE_UNAVAILABLE && !(e instanceof ContextLostException) && !(e instanceof DeviceLostException)
                && (drainsBefore % 2 != 0 || drains.get() != drainsBefore);
    }
}
