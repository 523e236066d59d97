package dev.openppu.hal.irq;

/**
 * What ends the sleep of a thread that waits for the device: an interrupt of a vector that somebody has to ask for, because a device that interrupts for everything
 * costs more than it saves.
 *
 * <p>A waiter arms, looks at its condition once more, sleeps, and disarms. Several waiters may have it armed at once. Thread-safe.
 */
public interface Wakeup {
    /** In place of a vector: any interrupt of the device, any write of it to host memory that the link sees, any {@code wake}. */
    int ANY = -1;

    /** The vector whose messages end the sleep, or {@link #ANY}. */
    int vector();

    /**
     * Asks for interrupts until {@link #disarm}. May access the device.
     *
     * @return nanoseconds after which to look again although no interrupt came, {@link Long#MAX_VALUE} if there is no reason to distrust them
     */
    long arm();

    /** Ends what {@link #arm} began. */
    void disarm();

    /**
     * Whether the deadline of the wait is a period after which its waiter looks by itself, interrupt or not: then a lost one costs no more than that, and nothing looks in
     * between.
     */
    default boolean periodic() {
        return false;
    }

    /** Sleeps that anything may end; nothing is asked for. */
    static Wakeup any() {
        return AnyWakeup.INSTANCE;
    }
}
