package dev.openppu.driver;

import dev.openppu.hal.WaitPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How threads wait for a context's work: its published policy, as a link understands it. AUTO spins or yields as published, for some microseconds; then it sleeps.
 * Made before its context.
 */
final class ContextWaiting {
    private volatile @Nullable Context context;

    void of(Context newContext) {
        context = newContext;
    }

    WaitPolicy policy() {
        Context present = context;
        if (present == null) {
            return WaitPolicy.SPIN_THEN_SLEEP;
        }
        return switch (present.options().scheduling()) {
            case AUTO -> present.scheduling() == SchedulingPolicy.YIELD ? WaitPolicy.YIELD_THEN_SLEEP : WaitPolicy.SPIN_THEN_SLEEP;
            case SPIN -> WaitPolicy.SPIN;
            case YIELD -> WaitPolicy.YIELD;
            case BLOCKING_SYNC -> WaitPolicy.SLEEP;
        };
    }
}
