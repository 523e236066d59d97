package dev.openppu.hal;

import org.jspecify.annotations.Nullable;

/**
 * Holds interrupts of a thread back while it does what has to be done to its end, however many waits that takes: giving memory, queues and contexts back, closing. The waits of
 * a link's runtime do not end for an interrupt meanwhile; the thread is interrupted again as soon as the action is over. Holds nest: the outermost counts.
 *
 * <p>Thread-safe: each thread holds its own.
 */
public final class InterruptHold {
    private static final ThreadLocal<InterruptHold> HELD = new ThreadLocal<>();

    private boolean interrupted;

    private InterruptHold() {}

    /** Runs {@code action} with the calling thread's interrupts held back, those of before included. */
    public static void during(Runnable action) {
        if (HELD.get() != null) {
            action.run();
            return;
        }
        InterruptHold hold = new InterruptHold();
        HELD.set(hold);
        try {
            hold.interrupted = Thread.interrupted();
            action.run();
        } finally {
            HELD.remove();
            if (hold.interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * For a runtime, asked within its waits: whether the calling thread is interrupted, so that its wait has to end with {@link WaitInterruptedException}. An interrupt that is held back is
     * put aside and does not.
     */
    public static boolean endsWait() {
        if (!Thread.currentThread().isInterrupted()) {
            return false;
        }
        @Nullable
        InterruptHold hold = HELD.get();
        if (hold == null) {
            return true;
        }
        hold.interrupted |= Thread.interrupted();
        return false;
    }
}
