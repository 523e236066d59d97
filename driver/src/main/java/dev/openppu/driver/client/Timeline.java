package dev.openppu.driver.client;

import dev.openppu.driver.PpuException;

/**
 * A stream's work in order, wherever it runs. It goes through one channel at a time; {@link Channels} moves it, and then its first packet in the new channel waits for
 * its last in the old one. Thread-safe.
 */
public final class Timeline {
    private final int priority;
    private final int log2Packets;
    private volatile Lane lane;

    Timeline(Lane lane, int priority, int log2Packets) {
        this.lane = lane;
        this.priority = priority;
        this.log2Packets = log2Packets;
    }

    int priority() {
        return priority;
    }

    int log2Packets() {
        return log2Packets;
    }

    /** Where it runs now. */
    public Lane lane() {
        return lane;
    }

    void moveTo(Lane next) {
        lane = next;
    }

    /**
     * Takes the turn of the channel that it runs in, with space for so many packets. The caller submits to the lane returned and then releases it. Waits while the ring is
     * full.
     */
    public Lane claim(int packets, long deadlineNanos) {
        while (true) {
            Lane current = lane;
            if (current.claim(packets, deadlineNanos)) {
                return current;
            }
        }
    }

    /** Everything submitted so far. */
    public Mark mark() {
        return lane.mark();
    }

    /** Everything submitted so far has completed: allocates nothing. */
    public boolean reached() {
        Lane current = lane;
        return current.queue().reached(current.last());
    }

    /** As {@link #reached}; throws if the context is lost. */
    public boolean done() {
        Lane current = lane;
        return current.queue().done(current.last());
    }

    /** Rings for what was submitted so far, if nobody has. */
    public void flush() {
        Lane current = lane;
        current.queue().flush(current.last());
    }

    public void await(long deadlineNanos) {
        Lane current = lane;
        current.queue().await(current.last(), deadlineNanos);
    }

    /** Nothing will complete any more. */
    public boolean stopped() {
        return lane.queue().stopped();
    }

    public PpuException stopReason() {
        return lane.queue().stopReason();
    }
}
