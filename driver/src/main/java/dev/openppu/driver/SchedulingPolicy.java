package dev.openppu.driver;

import java.util.Optional;
import java.util.stream.Stream;

/** How a host thread of a context waits for the device: the published {@code SCHED_*} context flags (facts §9.1). */
public enum SchedulingPolicy {
    /** {@link #YIELD} when the process has more contexts than there are processors, {@link #SPIN} else. */
    AUTO(0),
    /** Looks again and again: the shortest wait, for the price of a processor. */
    SPIN(1),
    /** Looks again and again, and lets others run in between. */
    YIELD(2),
    /** Sleeps until the device's interrupt. */
    BLOCKING_SYNC(4);

    /** The bits of a context's flags that hold the policy. */
    public static final int MASK = 0x7;

    private final int number;

    SchedulingPolicy(int number) {
        this.number = number;
    }

    /** The published flag's value. */
    public int number() {
        return number;
    }

    /** The policy of these flag bits; empty if more than one is named. */
    public static Optional<SchedulingPolicy> of(int bits) {
        return Stream.of(values()).filter(p -> p.number == bits).findFirst();
    }

    /** What {@link #AUTO} comes to with this many contexts on this many processors; the others are what they are. */
    public SchedulingPolicy resolved(int contexts, int processors) {
        if (this != AUTO) {
            return this;
        }
        return contexts > processors ? YIELD : SPIN;
    }
}
