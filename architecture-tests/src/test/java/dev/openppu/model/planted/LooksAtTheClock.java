package dev.openppu.model.planted;

import java.util.function.LongSupplier;

/** Planted: real time in the model. */
public final class LooksAtTheClock {
    public long now() {
        return System.nanoTime();
    }

    public LongSupplier clock() {
        return System::currentTimeMillis;
    }
}
