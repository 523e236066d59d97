package dev.openppu.bench.handover;

/**
 * A queue of 64-bit messages from one thread to another, as a library offers it. One producer, one consumer.
 */
public interface HandOver extends AutoCloseable {

    /** Hands a message over; waits by spinning while there is no space. */
    void put(long message);

    /** Takes the next message; waits by spinning while there is none. */
    long take();

    @Override
    default void close() {}
}
