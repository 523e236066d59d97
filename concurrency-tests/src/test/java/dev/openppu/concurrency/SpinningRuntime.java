package dev.openppu.concurrency;

import dev.openppu.hal.LinkRuntime;
import java.util.function.BooleanSupplier;

/** Waits that look again and again; nobody is woken. */
public class SpinningRuntime implements LinkRuntime {
    @Override
    public long nanos() {
        return System.nanoTime() & Long.MAX_VALUE >> 1;
    }

    @Override
    public long scaled(long nanos) {
        return nanos;
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos) {
        while (!condition.getAsBoolean()) {
            if (nanos() >= deadlineNanos) {
                return condition.getAsBoolean();
            }
            Thread.onSpinWait();
        }
        return true;
    }

    @Override
    public void sleep(long nanos) {
        await(() -> false, nanos() + nanos);
    }

    @Override
    public void wake() {
        // who waits looks
    }

    @Override
    public Worker start(String name, Runnable body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean simulated() {
        return false;
    }
}
