package dev.openppu.hal.mmio;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MMIO where an access is one load or store on mapped memory. */
public final class MappedMmio implements Mmio {
    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle V8 = ValueLayout.JAVA_BYTE.varHandle();
    private static final VarHandle V16 = LE16.varHandle();
    private static final VarHandle V32 = LE32.varHandle();
    private static final VarHandle V64 = LE64.varHandle();

    private final MemorySegment memory;

    /** @param memory mapped device memory, aligned to 8 bytes; bounds and lifetime are the segment's */
    public MappedMmio(MemorySegment memory) {
        this.memory = memory;
    }

    @Override
    public long size() {
        return memory.byteSize();
    }

    @Override
    public byte read8(long offset) {
        // byte handles have no access modes beyond plain and volatile worth having: a volatile load is an acquire load
        return (byte) V8.getVolatile(memory, offset);
    }

    @Override
    public short read16(long offset) {
        return (short) V16.getVolatile(memory, offset);
    }

    @Override
    public int read32(long offset) {
        return (int) V32.getAcquire(memory, offset);
    }

    @Override
    public long read64(long offset) {
        return (long) V64.getAcquire(memory, offset);
    }

    @Override
    public void write8(long offset, byte value) {
        V8.setRelease(memory, offset, value);
    }

    @Override
    public void write16(long offset, short value) {
        V16.setRelease(memory, offset, value);
    }

    @Override
    public void write32(long offset, int value) {
        V32.setRelease(memory, offset, value);
    }

    @Override
    public void write64(long offset, long value) {
        V64.setRelease(memory, offset, value);
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        VarHandle.acquireFence();
        MemorySegment.copy(memory, offset, destination, 0, destination.byteSize());
        VarHandle.acquireFence();
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        VarHandle.releaseFence();
        MemorySegment.copy(source, 0, memory, offset, source.byteSize());
        VarHandle.releaseFence();
    }

    @Override
    public Mmio slice(long offset, long size) {
        return new MappedMmio(memory.asSlice(offset, size));
    }
}
