package dev.openppu.driver.owner;

import dev.openppu.abi.packet.Signal;
import java.lang.foreign.MemorySegment;

/**
 * Where a client has a queue's completions counted: in memory of its own, which it may take back, or spoil.
 *
 * @param word 8 bytes, counted down by the device for each packet
 * @param first what they are before the first packet completes
 */
record CompletionCount(MemorySegment word, long first) {
    /** How many of so many packets have not completed; 0 if there is nothing that could tell. */
    long missing(long packets) {
        try {
            long value = Signal.acquire(word, 0);
            return value <= 0 ? 0 : packets - (first - value);
        } catch (IllegalStateException e) {
            return 0; // the client has taken the memory back: nobody waits there
        }
    }
}
