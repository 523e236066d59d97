package dev.openppu.driver;

import java.time.Duration;
import java.util.Optional;

/**
 * How to make a stream.
 *
 * @param log2Packets packets that its hardware queue holds, 2 to 16 as a power of two
 * @param priority lower is served first; clamped to {@link PriorityRange#DEVICE}
 * @param nonBlocking not ordered with the legacy default stream ({@link Context#defaultStream})
 * @param submitTimeout longest that a submission waits for space in a full queue; empty waits without end (an interrupt ends it)
 */
public record StreamOptions(int log2Packets, int priority, boolean nonBlocking, Optional<Duration> submitTimeout) {
    public StreamOptions {
        if (log2Packets < 2 || log2Packets > 16) {
            throw new IllegalArgumentException("a queue of 2^" + log2Packets + " packets: 2^2 to 2^16 are possible");
        }
        priority = PriorityRange.DEVICE.clamp(priority);
    }

    /** 1024 packets, the lowest priority, blocking, no time-out. */
    public static StreamOptions defaults() {
        return new StreamOptions(10, PriorityRange.DEVICE.least(), false, Optional.empty());
    }

    public StreamOptions withLog2Packets(int newLog2Packets) {
        return new StreamOptions(newLog2Packets, priority, nonBlocking, submitTimeout);
    }

    /** Lower is served first; what is outside {@link PriorityRange#DEVICE} is clamped. */
    public StreamOptions withPriority(int newPriority) {
        return new StreamOptions(log2Packets, newPriority, nonBlocking, submitTimeout);
    }

    /** As the highest or the lowest priority. */
    public StreamOptions withHighPriority(boolean high) {
        return withPriority(high ? PriorityRange.DEVICE.greatest() : PriorityRange.DEVICE.least());
    }

    /** The published flag NON_BLOCKING (1). */
    public StreamOptions withNonBlocking(boolean newNonBlocking) {
        return new StreamOptions(log2Packets, priority, newNonBlocking, submitTimeout);
    }

    public StreamOptions withSubmitTimeout(Duration timeout) {
        return new StreamOptions(log2Packets, priority, nonBlocking, Optional.of(timeout));
    }

    /** Anything above the lowest priority. */
    public boolean highPriority() {
        return priority < PriorityRange.DEVICE.least();
    }

    /** The hardware queue's priority: 0 lowest to 3 highest. */
    int level() {
        return PriorityRange.DEVICE.least() - priority;
    }
}
