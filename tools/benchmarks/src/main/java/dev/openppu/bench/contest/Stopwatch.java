package dev.openppu.bench.contest;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Whether a thread had its CPU for itself: the time that passed beside the time that it ran. */
final class Stopwatch {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** A timer interrupt and a page fault are everyday; a lost time slice is not. */
    private static final double MOST_LOST = 0.02;

    private final long wall = System.nanoTime();
    private final long ran = THREADS.getCurrentThreadCpuTime();

    /** Whether the thread that made this waited for a CPU, or slept, since then. */
    boolean disturbed() {
        long running = THREADS.getCurrentThreadCpuTime() - ran;
        long passed = System.nanoTime() - wall;
        return passed - running > MOST_LOST * passed;
    }
}
