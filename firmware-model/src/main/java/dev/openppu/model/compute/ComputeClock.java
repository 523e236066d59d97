package dev.openppu.model.compute;

/** Where %clock and %globaltimer come from. */
public interface ComputeClock {
    /** Compute clock cycles. */
    long cycles();

    /** Device time in nanoseconds. */
    long nanoseconds();
}
