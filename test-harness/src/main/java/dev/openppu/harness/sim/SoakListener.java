package dev.openppu.harness.sim;

/** Hears of a soak while it goes on; on the thread that runs it. */
@FunctionalInterface
public interface SoakListener {
    /** A round has ended, well or not. */
    void ended(SoakResult soFar);
}
