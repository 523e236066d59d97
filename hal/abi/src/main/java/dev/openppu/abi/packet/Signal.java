package dev.openppu.abi.packet;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A completion signal: one 64-bit value in host memory, 8-byte aligned.
 *
 * <p>Protocol: the host stores a start value (usually 1) before it publishes a packet that names the signal. When the packet completes, the device reads the
 * value, subtracts one and posts it by one 8-byte store; a packet that failed stores {@link #FAILED} instead (HSA Runtime 1.00 Provisional: a negative value). The device is the sole writer while any
 * packet that names the signal is in flight. What the packet wrote at system scope is visible to whoever has acquired the new value.
 */
public final class Signal {
    public static final int BYTES = 8;
    /** The packet failed; waiting for "0 or less" never hangs. */
    public static final long FAILED = -1;

    private static final VarHandle VALUE = LittleEndian.U64.varHandle().withInvokeExactBehavior();

    private Signal() {}

    /** An acquire load. */
    public static long acquire(MemorySegment memory, long base) {
        return (long) VALUE.getAcquire(memory, base);
    }

    /** A release store. */
    public static void publish(MemorySegment memory, long base, long value) {
        VALUE.setRelease(memory, base, value);
    }
}
