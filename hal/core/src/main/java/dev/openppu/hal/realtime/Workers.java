package dev.openppu.hal.realtime;

import java.util.List;

/** The end of a world's threads. */
public final class Workers {
    private static final System.Logger LOG = System.getLogger(Workers.class.getName());
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private Workers() {}

    /** Waits in real time until the threads (the calling one excepted) have ended; a thread that does not is interrupted once and then named in the log. */
    public static void awaitEnd(List<Thread> threads) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        boolean interrupted = false;
        for (Thread thread : threads) {
            interrupted |= join(thread, deadline);
        }
        for (Thread thread : threads) {
            if (thread.isAlive() && thread != Thread.currentThread()) {
                LOG.log(System.Logger.Level.WARNING, "thread {0} goes on after its link was closed", thread.getName());
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the calling thread was interrupted meanwhile */
    private static boolean join(Thread thread, long deadline) {
        boolean interrupted = false;
        while (thread != Thread.currentThread() && thread.isAlive() && deadline - System.nanoTime() > 0) {
            try {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
