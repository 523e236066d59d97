package dev.openppu.hal.mmio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * MMIO where an access is one load or store on mapped memory.
 *
 * <p>Memory of an arena that may be closed is checked by its segment at each access: bounds, thread, lifetime. {@link #permanent} memory stays mapped, so its bounds are all
 * there is to check, which halves the cost; {@link #retire} ends its use.
 */
public final class MappedMmio implements Mmio {
    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle V8 = ValueLayout.JAVA_BYTE.varHandle();
    private static final VarHandle V16 = LE16.varHandle();
    private static final VarHandle V32 = LE32.varHandle();
    private static final VarHandle V64 = LE64.varHandle();
    /** All addresses: a constant to the JIT, which has nothing to check but the access's alignment. Only for offsets that {@link #within} has passed. */
    @SuppressWarnings("restricted") // no more is reached through it than through the segments given
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final MemorySegment memory;
    private final long address;
    /** Bytes that may be accessed without asking the segment; 0 for memory that may be unmapped. */
    private volatile long limit;
    private volatile boolean retired;
    /** Those of permanent memory; guarded by this. */
    private final List<MappedMmio> slices = new ArrayList<>();

    /** @param memory mapped device memory, aligned to 8 bytes; bounds and lifetime are the segment's */
    public MappedMmio(MemorySegment memory) {
        this(memory, 0);
    }

    private MappedMmio(MemorySegment memory, long limit) {
        this.memory = memory;
        this.address = memory.address();
        this.limit = limit;
    }

    /**
     * Memory that stays mapped as long as the process lives. Whoever mapped it and wants to give the device back calls {@link #retire} and then puts memory of its own in the mapping's
     * place: an access that was under way meets that, and none the unmapped.
     *
     * @param memory as for the constructor, of the global arena
     * @throws IllegalArgumentException if it belongs to another arena
     */
    public static MappedMmio permanent(MemorySegment memory) {
        if (!memory.isNative() || !memory.scope().equals(Arena.global().scope())) {
            throw new IllegalArgumentException("memory that may be unmapped cannot be permanent: " + memory);
        }
        return new MappedMmio(memory, memory.byteSize());
    }

    /** From now on an access of this window, or of a slice of it, throws {@link IllegalStateException}; one that is under way on another thread may end later. Idempotent. */
    public synchronized void retire() {
        retired = true;
        limit = 0;
        slices.forEach(MappedMmio::retire);
    }

    private boolean within(long offset, int bytes) {
        return offset >= 0 && offset <= limit - bytes;
    }

    /** For memory that may be unmapped, and for accesses that are to fail: its segment decides. */
    private MemorySegment checked() {
        if (retired) {
            throw new IllegalStateException("the device's memory at 0x" + Long.toHexString(address) + " is no longer mapped");
        }
        return memory;
    }

    @Override
    public long size() {
        return memory.byteSize();
    }

    @Override
    public byte read8(long offset) {
        // byte handles have no access modes beyond plain and volatile worth having: a volatile load is an acquire load
        return within(offset, 1) ? (byte) V8.getVolatile(ALL, address + offset) : (byte) V8.getVolatile(checked(), offset);
    }

    @Override
    public short read16(long offset) {
        return within(offset, 2) ? (short) V16.getVolatile(ALL, address + offset) : (short) V16.getVolatile(checked(), offset);
    }

    @Override
    public int read32(long offset) {
        return within(offset, 4) ? (int) V32.getAcquire(ALL, address + offset) : (int) V32.getAcquire(checked(), offset);
    }

    @Override
    public long read64(long offset) {
        return within(offset, 8) ? (long) V64.getAcquire(ALL, address + offset) : (long) V64.getAcquire(checked(), offset);
    }

    @Override
    public void write8(long offset, byte value) {
        if (within(offset, 1)) {
            V8.setRelease(ALL, address + offset, value);
        } else {
            V8.setRelease(checked(), offset, value);
        }
    }

    @Override
    public void write16(long offset, short value) {
        if (within(offset, 2)) {
            V16.setRelease(ALL, address + offset, value);
        } else {
            V16.setRelease(checked(), offset, value);
        }
    }

    @Override
    public void write32(long offset, int value) {
        if (within(offset, 4)) {
            V32.setRelease(ALL, address + offset, value);
        } else {
            V32.setRelease(checked(), offset, value);
        }
    }

    @Override
    public void write64(long offset, long value) {
        if (within(offset, 8)) {
            V64.setRelease(ALL, address + offset, value);
        } else {
            V64.setRelease(checked(), offset, value);
        }
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        VarHandle.acquireFence();
        MemorySegment.copy(checked(), offset, destination, 0, destination.byteSize());
        VarHandle.acquireFence();
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        VarHandle.releaseFence();
        MemorySegment.copy(source, 0, checked(), offset, source.byteSize());
        VarHandle.releaseFence();
    }

    @Override
    public synchronized Mmio slice(long offset, long size) {
        MemorySegment part = checked().asSlice(offset, size);
        if (limit == 0) {
            return new MappedMmio(part);
        }
        MappedMmio slice = new MappedMmio(part, size);
        slices.add(slice);
        return slice;
    }
}
