package dev.openppu.driver;

import java.time.Duration;
import java.util.Optional;

/**
 * How to make a stream.
 *
 * @param log2Packets packets that its hardware queue holds, 2 to 16 as a power of two
 * @param highPriority its queue is served before those of normal priority
 * @param submitTimeout longest that a submission waits for space in a full queue; empty waits without end (an interrupt ends it)
 */
public record StreamOptions(int log2Packets, boolean highPriority, Optional<Duration> submitTimeout) {
    public StreamOptions {
        if (log2Packets < 2 || log2Packets > 16) {
            throw new IllegalArgumentException("a queue of 2^" + log2Packets + " packets: 2^2 to 2^16 are possible");
        }
    }

    /** 1024 packets, normal priority, no time-out. */
    public static StreamOptions defaults() {
        return new StreamOptions(10, false, Optional.empty());
    }

    public StreamOptions withLog2Packets(int newLog2Packets) {
        return new StreamOptions(newLog2Packets, highPriority, submitTimeout);
    }

    public StreamOptions withHighPriority(boolean high) {
        return new StreamOptions(log2Packets, high, submitTimeout);
    }

    public StreamOptions withSubmitTimeout(Duration timeout) {
        return new StreamOptions(log2Packets, highPriority, Optional.of(timeout));
    }
}
