package dev.openppu.rdl.live;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A counter field. Values are unsigned. */
final class Counter {

    private final WiredField field;
    private final Propagation propagation;
    private final Source step;
    private final Source stepDown;
    private final @Nullable Source ceiling;
    private final @Nullable Source floor;

    /**
     * @param field       its bits
     * @param propagation stores them
     * @param step        what an increment adds
     * @param stepDown    what a decrement takes away
     * @param ceiling     where it stops instead of wrapping, or null
     * @param floor       where it stops on the way down, or null
     */
    Counter(WiredField field, Propagation propagation, Source step, Source stepDown, @Nullable Source ceiling, @Nullable Source floor) {
        this.field = field;
        this.propagation = propagation;
        this.step = step;
        this.stepDown = stepDown;
        this.ceiling = ceiling;
        this.floor = floor;
    }

    Source step() {
        return step;
    }

    Source stepDown() {
        return stepDown;
    }

    @Nullable
    Source ceiling() {
        return ceiling;
    }

    @Nullable
    Source floor() {
        return floor;
    }

    /** Counts up once: to the ceiling at most, or around, which strobes {@code overflow}. */
    void increment() {
        BigInteger ones = field.bits.ones();
        BigInteger sum = field.bits.value().add(step.value().and(ones));
        if (ceiling != null) {
            store(sum.min(ceiling.value().min(ones)));
            return;
        }
        store(sum.and(ones));
        if (sum.compareTo(ones) > 0) {
            strobe("overflow");
        }
    }

    /** Counts down once: to the floor at least, or around, which strobes {@code underflow}. */
    void decrement() {
        BigInteger difference = field.bits.value().subtract(stepDown.value().and(field.bits.ones()));
        if (floor != null) {
            store(difference.max(floor.value()));
            return;
        }
        store(difference.and(field.bits.ones()));
        if (difference.signum() < 0) {
            strobe("underflow");
        }
    }

    private void store(BigInteger value) {
        for (WiredPart part : field.parts) {
            propagation.change(part.span, value, part.unlocked());
        }
    }

    private void strobe(String property) {
        SignalLine line = field.findPin(property);
        if (line != null) {
            line.pulse();
        }
    }
}
