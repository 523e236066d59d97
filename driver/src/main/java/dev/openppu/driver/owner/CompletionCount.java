package dev.openppu.driver.owner;

import dev.openppu.abi.packet.Signal;
import dev.openppu.driver.owner.hang.WatchedQueues.Look;
import java.lang.foreign.MemorySegment;

/**
 * Where a client has a queue's completions counted: in memory of its own, which it may take back, or spoil.
 *
 * @param word 8 bytes, counted down by the device for each packet
 * @param first what they are before the first packet completes
 */
record CompletionCount(MemorySegment word, long first) {
    /**
     * How many of so many packets have not completed, less than none if there were too many completions, {@link Look#TOLD_OF_FAILURE} if the count says that one has failed; {@link Look#UNKNOWN} if there is
     * nothing that could tell.
     */
    long missing(long packets) {
        try {
            long value = Signal.acquire(word, 0);
            if (value <= 0) {
                return value == 0 ? Look.UNKNOWN : Look.TOLD_OF_FAILURE;
            }
            return packets - (first - value);
        } catch (IllegalStateException e) {
            return Look.UNKNOWN; // the client has taken the memory back: nobody waits there
        }
    }
}
