package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.packet.Signal;
import dev.openppu.driver.owner.hang.WatchedQueues.Look;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class CompletionCountTest {
    private static final long FIRST = Long.MAX_VALUE;

    private static long missing(long value, long packets) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(Signal.BYTES, Signal.BYTES);
            Signal.publish(word, 0, value);
            return new CompletionCount(word, FIRST).missing(packets);
        }
    }

    @Test
    void whatWasTakenAndNotCountedDownIsMissing() {
        assertThat(missing(FIRST - 3, 3)).isZero();
        assertThat(missing(FIRST - 3, 5)).isEqualTo(2);
        assertThat(missing(FIRST - 3, 2)).isEqualTo(-1);
    }

    /** One bit of the count turned over: whoever waits for it to come down to a number waits for ever. */
    @Test
    void aNegativeCountTellsOfAFailure() {
        assertThat(missing(FIRST - 3 | Long.MIN_VALUE, 3)).isEqualTo(Look.TOLD_OF_FAILURE);
    }

    @Test
    void memoryThatWasClearedOrTakenBackTellsNothing() {
        assertThat(missing(0, 3)).isEqualTo(Look.UNKNOWN);
        MemorySegment gone;
        try (Arena arena = Arena.ofConfined()) {
            gone = arena.allocate(Signal.BYTES, Signal.BYTES);
        }
        assertThat(new CompletionCount(gone, FIRST).missing(3)).isEqualTo(Look.UNKNOWN);
    }
}
