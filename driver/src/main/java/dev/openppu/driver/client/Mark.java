package dev.openppu.driver.client;

/**
 * A point in a channel's work: reached when so many of its packets have completed. Never wraps, and stays true when the channel is closed.
 *
 * @param target count of completed packets, 0 is reached from the start
 */
public record Mark(Channel channel, long target) {

    /** By one acquire load. */
    public boolean reached() {
        return channel.queue().reached(target);
    }

    /** As {@link #reached}; throws if the context is lost. */
    public boolean done() {
        return channel.queue().done(target);
    }

    /** Waits until it is reached; throws what stopped the channel, or a time-out. */
    public void await(long deadlineNanos) {
        channel.queue().await(target, deadlineNanos);
    }
}
