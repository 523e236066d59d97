package dev.openppu.hal.irq;

/** Who enables and masks a function's interrupt vectors: software, in capability and table, or a kernel that keeps that to itself. Thread-safe. */
public interface VectorControl {
    /** How many there are. */
    int vectors();

    /**
     * Enables vectors 0 to {@code count - 1}, unmasked; the others stay masked.
     *
     * @param prepare runs while no message can come: makes the receiver ready
     * @throws dev.openppu.hal.LinkException if there are not so many
     */
    void enable(int count, Runnable prepare);

    /** No message is sent afterwards. */
    void disable();

    /** No message of the vector is sent after this has returned. */
    void mask(int vector);

    void unmask(int vector);

    /** Whether a message waits for its vector to be unmasked. */
    boolean pending(int vector);

    /** Throws {@link dev.openppu.hal.LinkException} if there is no such vector. */
    void require(int vector);
}
