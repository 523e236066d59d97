package dev.openppu.bench.contest;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the calling thread has allocated, by the JVM's own count. */
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Bytes since the thread's start; the call allocates nothing. */
    public static long bytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
