package dev.openppu.driver.owner;

import dev.openppu.abi.packet.Signal;
import java.lang.foreign.MemorySegment;

/**
 * How many packets of a ring the device has taken, as it writes it to host memory. What it writes may be wrong, and stays so until it takes the next packet: of which nobody would notice then that it stands
 * there. So what its register says of an idle queue is kept in place of that. Thread-safe.
 */
final class ReadIndex {
    private final MemorySegment memory;
    private volatile Correction correction = new Correction(0, 0);

    /** In place of what memory says, as long as it says just that. */
    private record Correction(long told, long taken) {}

    /** @param memory 8 bytes, written by the device */
    ReadIndex(MemorySegment memory) {
        this.memory = memory;
    }

    /** What memory says. */
    long told() {
        return Signal.acquire(memory, 0);
    }

    /** What memory says, or is known to be so in place of it. */
    long taken() {
        long told = told();
        Correction known = correction;
        return known.told == told ? known.taken : told;
    }

    /**
     * @param told what memory said
     * @param taken what the register said after that, and the queue was idle
     */
    void correct(long told, long taken) {
        correction = new Correction(told, taken);
    }
}
