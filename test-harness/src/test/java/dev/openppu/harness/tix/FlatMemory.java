package dev.openppu.harness.tix;

import dev.openppu.abi.error.FaultMapping;
import dev.openppu.model.compute.AccessFault;
import dev.openppu.model.compute.ComputeMemory;
import dev.openppu.model.compute.Span;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Global memory without page tables: one stretch of bytes from {@link #BASE}, in spans of 4 KiB; everything else is an invalid page. */
class FlatMemory implements ComputeMemory {
    static final long BASE = 0x10_0000;
    private static final int PAGE = 4096;

    final MemorySegment bytes;
    private long used = BASE;

    FlatMemory(long size) {
        bytes = Arena.ofAuto().allocate(size, PAGE);
    }

    /** Takes bytes at a 256-byte boundary. */
    long allocate(long size) {
        long address = used;
        used = (used + size + 255) / 256 * 256;
        if (used - BASE > bytes.byteSize()) {
            throw new IllegalStateException("flat memory is full");
        }
        return address;
    }

    long place(MemorySegment content) {
        long address = allocate(content.byteSize());
        MemorySegment.copy(content, 0, bytes, address - BASE, content.byteSize());
        return address;
    }

    long longAt(long address) {
        return bytes.get(ValueLayout.JAVA_LONG, address - BASE);
    }

    int intAt(long address) {
        return bytes.get(ValueLayout.JAVA_INT, address - BASE);
    }

    int byteAt(long address) {
        return bytes.get(ValueLayout.JAVA_BYTE, address - BASE) & 0xFF;
    }

    float floatAt(long address) {
        return Float.intBitsToFloat(intAt(address));
    }

    @Override
    public Span resolve(long address, Access access) throws AccessFault {
        if (address < BASE || address >= BASE + bytes.byteSize()) {
            throw new AccessFault(FaultMapping.KERNEL_PAGE_NOT_VALID, address, access);
        }
        long start = address & -PAGE;
        return new Span(start, PAGE, bytes.asSlice(start - BASE, PAGE));
    }

    @Override
    public long epoch() {
        return 0;
    }

    @Override
    public long load(long address, int size) {
        throw new AssertionError("every span has a segment");
    }

    @Override
    public void store(long address, int size, long value) {
        throw new AssertionError("every span has a segment");
    }
}
