package dev.openppu.model.memory;

import dev.openppu.hal.mmio.MmioTrap;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/**
 * BAR2: device memory seen through a window, or all of it when the BAR is as large. What lies behind the memory's end reads all ones; neither it nor the part
 * that the firmware keeps for itself takes writes. A word whose error cannot be corrected reads all ones.
 */
public final class MemoryWindow implements MmioTrap {
    private static final byte ONES = -1;

    private final SparseMemory memory;
    private final long writable;
    private final LongConsumer refused;
    private long first;
    private boolean whole;

    /**
     * @param writable bytes of the memory, from 0 on, that take writes
     * @param refused learns of accesses that hit nothing, with the address
     */
    public MemoryWindow(SparseMemory memory, long writable, LongConsumer refused) {
        this.memory = memory;
        this.writable = writable;
        this.refused = refused;
    }

    /** Software moved the window. */
    public void moveTo(long address) {
        first = address;
    }

    /** The BAR's size changed. */
    public void resized(long bytes) {
        whole = bytes >= memory.size();
    }

    /** PA of the BAR's first byte. */
    public long shown() {
        return address(0);
    }

    @Override
    public long read(long offset, int bytes) {
        long at = address(offset);
        if (!memory.contains(at, bytes)) {
            refused.accept(at);
            return ones(bytes);
        }
        if (memory.correction().check(at, bytes) >= 0) {
            return ones(bytes);
        }
        return memory.isWritten(at) ? memory.load(at, bytes) : 0;
    }

    @Override
    public void write(long offset, int bytes, long value) {
        long at = address(offset);
        if (memory.contains(at, bytes) && at + bytes <= writable) {
            memory.store(at, bytes, value);
        } else {
            refused.accept(at);
        }
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        long at = address(offset);
        long inside = inside(at, destination.byteSize(), memory.size());
        if (!memory.correction().wrongWithin(at, inside)) {
            memory.read(inside == 0 ? 0 : at, destination.asSlice(0, inside));
        } else {
            readAround(at, destination.asSlice(0, inside));
        }
        if (inside < destination.byteSize()) {
            destination.asSlice(inside).fill(ONES);
            refused.accept(at + inside);
        }
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        long at = address(offset);
        long inside = inside(at, source.byteSize(), writable);
        memory.write(inside == 0 ? 0 : at, source.asSlice(0, inside));
        if (inside < source.byteSize()) {
            refused.accept(at + inside);
        }
    }

    /** Word by word, because some of them may not be readable. */
    private void readAround(long at, MemorySegment destination) {
        for (long done = 0; done < destination.byteSize();) {
            long piece = Math.min(destination.byteSize() - done, ErrorCorrection.WORD - (at + done & ErrorCorrection.WORD - 1));
            MemorySegment part = destination.asSlice(done, piece);
            if (memory.correction().check(at + done, piece) >= 0) {
                part.fill(ONES);
            } else {
                memory.read(at + done, part);
            }
            done += piece;
        }
    }

    private static long ones(int bytes) {
        return -1L >>> Long.SIZE - bytes * Byte.SIZE;
    }

    private long address(long offset) {
        return whole ? offset : first + offset;
    }

    /** How many of {@code bytes} at an address are below {@code end}. */
    private static long inside(long at, long bytes, long end) {
        return Math.clamp(end - at, 0, bytes);
    }
}
