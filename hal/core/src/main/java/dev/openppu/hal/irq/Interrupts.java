package dev.openppu.hal.irq;

/**
 * A function's MSI-X vectors.
 *
 * <p>A delivered message increments its vector's counter; waiting is {@code runtime.await(() -> interrupts.delivered(v) != seen, deadline)}. What the device
 * wrote before it sent the message is visible to whoever has seen the counter move (acquire).
 *
 * <p>Thread-safe.
 */
public interface Interrupts {
    /** Vectors that the device implements. */
    int vectors();

    /** Allocates and enables vectors 0 to {@code count - 1}, unmasked, counters at zero. */
    void enable(int count);

    /** Disables MSI-X and forgets the vectors. */
    void disable();

    /** Messages delivered on {@code vector} since {@link #enable}. An acquire load: cheap, allocation-free. */
    long delivered(int vector);

    /** Sets the vector's mask bit: messages are held back in the pending bit. */
    void mask(int vector);

    /** Clears the mask bit; a pending message is delivered. */
    void unmask(int vector);

    /** The vector's pending bit. */
    boolean pending(int vector);
}
