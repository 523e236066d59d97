package dev.openppu.driver.owner;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** The word by which the owner tells a client how its context is: 8 bytes of shared memory, the owner their sole writer. */
public final class ContextStatus {
    public static final long BYTES = 8;
    public static final long ALIVE = 0;
    /** Work failed; {@link OwnerService#loss} says how. */
    public static final long LOST = 1;
    /** The device does not answer. */
    public static final long DEVICE_LOST = 2;
    /** Closed. */
    public static final long CLOSED = 3;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private ContextStatus() {}

    /** An acquire load. */
    public static long acquire(MemorySegment status) {
        return (long) WORD.getAcquire(status, 0L);
    }

    /** A release store. */
    static void publish(MemorySegment status, long value) {
        WORD.setRelease(status, 0L, value);
    }
}
