package dev.openppu.driver.owner.recovery;

import dev.openppu.hal.LinkRuntime;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How often a device may be reset without being asked: one that is lost more often within a minute stays lost. Thread-safe. */
public final class ResetBudget {
    /** Within {@link #PERIOD_NANOS}. */
    public static final int RESETS = 3;
    /** Stretched for slow devices. */
    public static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final LinkRuntime runtime;
    private final ArrayDeque<Long> spent = new ArrayDeque<>();

    public ResetBudget(LinkRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Has a reset begin if there may be one.
     *
     * @param begins whether it is this reset that begins: several may notice one loss, and only the one that is reset for costs something. Must not wait
     */
    public boolean spend(BooleanSupplier begins) {
        return spend(begins, runtime.nanos()); // reading the clock may hand over to another thread that notices the loss, too
    }

    private synchronized boolean spend(BooleanSupplier begins, long now) {
        spent.removeIf(at -> now - at > runtime.scaled(PERIOD_NANOS));
        if (spent.size() >= RESETS || !begins.getAsBoolean()) {
            return false;
        }
        spent.add(now);
        return true;
    }

    /** The reset that was paid for last is not made. */
    public synchronized void giveBack() {
        spent.pollLast();
    }
}
