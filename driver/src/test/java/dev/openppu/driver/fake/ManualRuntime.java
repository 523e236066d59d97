package dev.openppu.driver.fake;

import dev.openppu.hal.LinkRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A clock that moves only while somebody waits, and one thread. While it waits, {@link #whileWaiting} runs: a test plays the device there. Threads that are begun are
 * kept for the test to run.
 */
public final class ManualRuntime implements LinkRuntime {
    private static final long STEP_NANOS = 10_000;

    private long now;
    private Runnable whileWaiting = () -> {};
    private final List<Runnable> started = new ArrayList<>();

    /** Runs between two looks at a condition. */
    public void whileWaiting(Runnable device) {
        whileWaiting = device;
    }

    /** Bodies given to {@link #start}. */
    public List<Runnable> started() {
        return started;
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long scaled(long nanos) {
        return nanos;
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos) {
        while (!condition.getAsBoolean()) {
            if (now >= deadlineNanos) {
                return false;
            }
            now += STEP_NANOS;
            whileWaiting.run();
            if (now > 36_000_000_000_000L) {
                throw new AssertionError("waits for ever");
            }
        }
        return true;
    }

    @Override
    public void sleep(long nanos) {
        long until = now + Math.max(1, nanos);
        await(() -> now >= until, until);
    }

    @Override
    public void wake() {
        // one thread: nobody to wake
    }

    @Override
    public Worker start(String name, Runnable body) {
        started.add(body);
        return new Worker() {
            @Override
            public boolean alive() {
                return false;
            }

            @Override
            public boolean join(long deadlineNanos) {
                return true;
            }

            @Override
            public void interrupt() {
                // never runs
            }
        };
    }

    @Override
    public boolean simulated() {
        return true;
    }
}
