package dev.openppu.hal.mmio;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** MMIO where every access is a call into a {@link MmioTrap}. */
public final class TrappedMmio implements Mmio {
    private final MmioTrap trap;
    private final long base;
    private final long size;

    public TrappedMmio(MmioTrap trap, long size) {
        this(trap, 0, size);
    }

    private TrappedMmio(MmioTrap trap, long base, long size) {
        this.trap = trap;
        this.base = base;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public byte read8(long offset) {
        return (byte) trap.read(at(offset, 1), 1);
    }

    @Override
    public short read16(long offset) {
        return (short) trap.read(at(offset, 2), 2);
    }

    @Override
    public int read32(long offset) {
        return (int) trap.read(at(offset, 4), 4);
    }

    @Override
    public long read64(long offset) {
        return trap.read(at(offset, 8), 8);
    }

    @Override
    public void write8(long offset, byte value) {
        trap.write(at(offset, 1), 1, value & 0xffL);
    }

    @Override
    public void write16(long offset, short value) {
        trap.write(at(offset, 2), 2, value & 0xffffL);
    }

    @Override
    public void write32(long offset, int value) {
        trap.write(at(offset, 4), 4, value & 0xffff_ffffL);
    }

    @Override
    public void write64(long offset, long value) {
        trap.write(at(offset, 8), 8, value);
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        trap.readBytes(base + Objects.checkFromIndexSize(offset, destination.byteSize(), size), destination);
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        trap.writeBytes(base + Objects.checkFromIndexSize(offset, source.byteSize(), size), source);
    }

    @Override
    public Mmio slice(long offset, long length) {
        return new TrappedMmio(trap, base + Objects.checkFromIndexSize(offset, length, size), length);
    }

    private long at(long offset, int bytes) {
        Objects.checkFromIndexSize(offset, bytes, size);
        if ((offset & (bytes - 1)) != 0) {
            throw new IllegalArgumentException("MMIO access of %d bytes at 0x%x is not naturally aligned".formatted(bytes, offset));
        }
        return base + offset;
    }
}
