package dev.openppu.driver.owner;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.irq.Wakeup;
import java.util.concurrent.TimeUnit;

/** Watches a vector that is always wanted: when it storms it is masked, and its one waiter polls for a while. Used from that waiter's thread. */
final class VectorStorm implements Wakeup {
    static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    static final long MOST_PER_WINDOW = 1000;
    static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Interrupts interrupts;
    private final int vector;
    private boolean masked;
    private long calmAt;
    private long seen;
    private long windowEnd;

    VectorStorm(Interrupts interrupts, int vector) {
        this.interrupts = interrupts;
        this.vector = vector;
    }

    /** Looks how often it has fired; {@code false} while it is masked. */
    boolean look(long now) {
        try {
            control(now);
        } catch (LinkException e) {
            begin(now); // no interrupts just now, as during a reset, which unmasks
            masked = false;
        }
        return !masked;
    }

    private void control(long now) {
        if (masked) {
            if (now >= calmAt) {
                interrupts.unmask(vector);
                masked = false;
                begin(now);
            }
        } else if (now >= windowEnd) {
            begin(now);
        } else if (interrupts.delivered(vector) - seen > MOST_PER_WINDOW) {
            interrupts.mask(vector);
            masked = true;
            calmAt = now + CALM_NANOS;
        }
    }

    private void begin(long now) {
        seen = interrupts.delivered(vector);
        windowEnd = now + WINDOW_NANOS;
    }

    @Override
    public int vector() {
        return vector;
    }

    @Override
    public boolean periodic() {
        return true;
    }

    @Override
    public long arm() {
        return Long.MAX_VALUE;
    }

    @Override
    public void disarm() {
        // it is always wanted
    }
}
