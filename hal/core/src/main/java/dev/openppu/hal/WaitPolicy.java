package dev.openppu.hal;

/** What a thread does with its CPU until what it waits for has happened. Under a simulated clock all of them are the same. */
public enum WaitPolicy {
    /** Looks without a pause and never sleeps: the shortest delay, a whole CPU. On a virtual thread it gives its carrier away between looks. */
    SPIN,
    /** Gives the CPU away between looks and never sleeps. */
    YIELD,
    /** Looks without a pause for some microseconds, then sleeps. */
    SPIN_THEN_SLEEP,
    /** Gives the CPU away between looks for some microseconds, then sleeps. */
    YIELD_THEN_SLEEP,
    /** Looks a few times, then sleeps. */
    SLEEP
}
