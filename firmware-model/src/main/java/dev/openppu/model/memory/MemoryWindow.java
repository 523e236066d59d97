package dev.openppu.model.memory;

import dev.openppu.hal.mmio.MmioTrap;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/**
 * BAR2: device memory seen through a window, or all of it when the BAR is as large. What lies behind the memory's end reads all ones and takes no writes.
 */
public final class MemoryWindow implements MmioTrap {
    private static final byte ONES = -1;

    private final SparseMemory memory;
    private final LongConsumer beyondEnd;
    private long first;
    private boolean whole;

    /** @param beyondEnd learns of accesses behind the end of the memory, with the address */
    public MemoryWindow(SparseMemory memory, LongConsumer beyondEnd) {
        this.memory = memory;
        this.beyondEnd = beyondEnd;
    }

    /** Software moved the window. */
    public void moveTo(long address) {
        first = address;
    }

    /** The BAR's size changed. */
    public void resized(long bytes) {
        whole = bytes >= memory.size();
    }

    @Override
    public long read(long offset, int bytes) {
        long at = address(offset);
        if (!memory.contains(at, bytes)) {
            beyondEnd.accept(at);
            return bytes == Long.BYTES ? -1L : (1L << bytes * Byte.SIZE) - 1;
        }
        return memory.isWritten(at) ? memory.load(at, bytes) : 0;
    }

    @Override
    public void write(long offset, int bytes, long value) {
        long at = address(offset);
        if (memory.contains(at, bytes)) {
            memory.store(at, bytes, value);
        } else {
            beyondEnd.accept(at);
        }
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        long at = address(offset);
        long inside = inside(at, destination.byteSize());
        memory.read(inside == 0 ? 0 : at, destination.asSlice(0, inside));
        if (inside < destination.byteSize()) {
            destination.asSlice(inside).fill(ONES);
            beyondEnd.accept(at + inside);
        }
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        long at = address(offset);
        long inside = inside(at, source.byteSize());
        memory.write(inside == 0 ? 0 : at, source.asSlice(0, inside));
        if (inside < source.byteSize()) {
            beyondEnd.accept(at + inside);
        }
    }

    private long address(long offset) {
        return whole ? offset : first + offset;
    }

    /** How many of {@code bytes} at an address are device memory. */
    private long inside(long at, long bytes) {
        return Math.clamp(memory.size() - at, 0, bytes);
    }
}
