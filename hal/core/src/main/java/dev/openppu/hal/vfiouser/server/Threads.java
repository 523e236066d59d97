package dev.openppu.hal.vfiouser.server;

/** Waits for threads to end. */
final class Threads {
    private Threads() {}

    /** An interrupt is kept for the caller. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
