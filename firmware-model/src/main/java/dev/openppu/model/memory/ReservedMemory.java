package dev.openppu.model.memory;

import java.lang.foreign.MemorySegment;

/** The pages at the end of device memory that the firmware keeps for itself: reached by the firmware and its monitor, read through BAR2, refused to engines. */
public final class ReservedMemory {
    private final SparseMemory memory;
    private final long bytes;

    /** @param bytes how much; 0 is none */
    public ReservedMemory(SparseMemory memory, long bytes) {
        this.memory = memory;
        this.bytes = bytes;
    }

    /** PA of the first byte: what lies before it is the engines'. */
    public long address() {
        return memory.size() - bytes;
    }

    public long bytes() {
        return bytes;
    }

    /** Whether all of a range is reserved. */
    public boolean contains(long from, long length) {
        return memory.contains(from, length) && from >= address();
    }

    /** @param to PA; nothing is written if any of it is not reserved */
    public boolean write(long to, MemorySegment source) {
        if (!contains(to, source.byteSize())) {
            return false;
        }
        memory.write(to, source);
        return true;
    }

    /** @param from PA; nothing is read if any of it is not reserved */
    public boolean read(long from, MemorySegment destination) {
        if (!contains(from, destination.byteSize())) {
            return false;
        }
        memory.read(from, destination);
        return true;
    }
}
