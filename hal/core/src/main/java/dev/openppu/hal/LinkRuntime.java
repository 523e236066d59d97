package dev.openppu.hal;

import dev.openppu.hal.irq.Wakeup;
import java.util.function.BooleanSupplier;

/**
 * A link's clock, its way of waiting and its threads. Software above a link takes all three from here and makes none of its own, so that the same code
 * runs under a real clock and under a simulated one, where exactly one thread runs at a time and a seed decides which.
 *
 * <p>Threads: the thread that opened the link, and those begun by {@link #start}, are known to it. Under a simulated clock a thread that the link does not
 * know is adopted at its first call, at a point in the order that the seed does not decide; and a known thread must wait only through this interface
 * (a bare {@code Object.wait} or {@code Thread.join} would keep the baton).
 */
public interface LinkRuntime {

    /** A deadline that never comes. */
    long NEVER = Long.MAX_VALUE;

    /** Monotonic time of this link in nanoseconds; its origin means nothing. */
    long nanos();

    /** What {@link #nanos} would say, for records of what happens: looking takes no time, and lets no other thread run. */
    default long timestamp() {
        return nanos();
    }

    /** A time-out in nanoseconds, stretched for slow devices (FPGA, RTL: the link's option {@code timescale}); never overflows. */
    long scaled(long nanos);

    /** The deadline {@code timeoutNanos}, scaled, from now; {@link #NEVER} if that overflows. */
    default long deadline(long timeoutNanos) {
        long deadline = nanos() + scaled(timeoutNanos);
        return deadline < 0 ? NEVER : deadline;
    }

    /**
     * Waits until {@code condition} holds or the deadline has passed. The condition is evaluated often, on any thread, and must be quick, free of side
     * effects and free of accesses to the device (memory that the device writes is fine).
     *
     * @param deadlineNanos on the clock of {@link #nanos()}
     * @return whether the condition held
     * @throws WaitInterruptedException if the thread is interrupted, and does not hold interrupts back ({@link InterruptHold})
     */
    boolean await(BooleanSupplier condition, long deadlineNanos);

    /**
     * As {@link #await(BooleanSupplier, long)}, by a policy; a thread that sleeps is woken by the interrupts of {@code wakeup} (armed while it sleeps), by {@link #wake}, and by
     * itself now and then, so that an interrupt that was lost costs a bounded delay. A link that knows only one way of waiting takes that.
     */
    default boolean await(BooleanSupplier condition, long deadlineNanos, WaitPolicy policy, Wakeup wakeup) {
        return await(condition, deadlineNanos);
    }

    /**
     * How often a waiter of this policy should look at memory by itself before it calls {@code await}: a look in the waiter's own loop costs less than one behind an
     * interface. 0 where nothing changes while a thread looks, as under a simulated clock.
     */
    default int looks(WaitPolicy policy) {
        return 0;
    }

    /** Between two of the {@link #looks} that a caller takes itself: tells the processor that this thread spins. */
    default void spin() {
        Thread.onSpinWait();
    }

    /** Waits for a time, unscaled. */
    void sleep(long nanos);

    /** Host software changed something that an {@link #await} of another thread may be waiting for. A hint: conditions are looked at again anyway. */
    void wake();

    /** Begins a thread of this link's. {@code body} should end by itself when its owner closes; an uncaught exception is logged and ends the thread only. */
    Worker start(String name, Runnable body);

    /** Whether time is simulated. */
    boolean simulated();

    /** A thread begun by {@link #start}. */
    interface Worker {
        boolean alive();

        /** Waits for the thread's end until the deadline; returns whether it ended. */
        boolean join(long deadlineNanos);

        void interrupt();
    }
}
