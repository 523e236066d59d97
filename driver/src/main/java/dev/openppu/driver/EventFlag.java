package dev.openppu.driver;

/** The published {@code EVENT_*} flags (facts §9.1). */
public enum EventFlag {
    /** Threads that wait for the event sleep, whatever the policy of their context. */
    BLOCKING_SYNC(1),
    /** The event takes no time: recording it puts nothing into the queue. */
    DISABLE_TIMING(2),
    /** Other processes may open it; needs {@link #DISABLE_TIMING}. Not supported yet. */
    INTERPROCESS(4);

    private final int number;

    EventFlag(int number) {
        this.number = number;
    }

    /** The published flag's value. */
    public int number() {
        return number;
    }
}
