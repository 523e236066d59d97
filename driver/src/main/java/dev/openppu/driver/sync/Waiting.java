package dev.openppu.driver.sync;

import dev.openppu.hal.InterruptHold;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import java.util.function.BooleanSupplier;

/** Waits that finish what they began although the thread is interrupted; the interrupt stays pending. For locks and for closing. */
public final class Waiting {
    private final LinkRuntime runtime;

    public Waiting(LinkRuntime runtime) {
        this.runtime = runtime;
    }

    /** As {@link LinkRuntime#await}. */
    public boolean uninterruptibly(BooleanSupplier condition, long deadlineNanos) {
        return uninterruptibly(condition, deadlineNanos, WaitPolicy.SLEEP);
    }

    /** As {@link #uninterruptibly(BooleanSupplier, long)}, by a policy of the caller's. */
    public boolean uninterruptibly(BooleanSupplier condition, long deadlineNanos, WaitPolicy policy) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return runtime.await(condition, deadlineNanos, policy, Wakeup.any());
                } catch (WaitInterruptedException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    /** Runs {@code action}, which may wait, with interrupts held back: those of before and those that come meanwhile. */
    public void uninterrupted(Runnable action) {
        InterruptHold.during(action);
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
