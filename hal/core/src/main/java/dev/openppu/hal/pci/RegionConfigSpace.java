package dev.openppu.hal.pci;

import dev.openppu.hal.mmio.MmioTrap;

/** Config space of which every access is a call. */
public final class RegionConfigSpace implements ConfigSpace {
    private final MmioTrap region;
    private final int size;

    /**
     * @param region is asked for 1, 2 or 4 bytes, aligned and inside
     * @param size 256 or 4096 bytes
     */
    public RegionConfigSpace(MmioTrap region, int size) {
        this.region = region;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int read8(int offset) {
        return (int) region.read(checked(offset, Byte.BYTES), Byte.BYTES);
    }

    @Override
    public int read16(int offset) {
        return (int) region.read(checked(offset, Short.BYTES), Short.BYTES);
    }

    @Override
    public int read32(int offset) {
        return (int) region.read(checked(offset, Integer.BYTES), Integer.BYTES);
    }

    @Override
    public void write8(int offset, int value) {
        region.write(checked(offset, Byte.BYTES), Byte.BYTES, value & 0xFFL);
    }

    @Override
    public void write16(int offset, int value) {
        region.write(checked(offset, Short.BYTES), Short.BYTES, value & 0xFFFFL);
    }

    @Override
    public void write32(int offset, int value) {
        region.write(checked(offset, Integer.BYTES), Integer.BYTES, Integer.toUnsignedLong(value));
    }

    private int checked(int offset, int bytes) {
        if (offset < 0 || offset > size - bytes) {
            throw new IndexOutOfBoundsException("config access of %d bytes at 0x%x of %d".formatted(bytes, offset, size));
        }
        if (offset % bytes != 0) {
            throw new IllegalArgumentException("config access of %d bytes at 0x%x is not aligned".formatted(bytes, offset));
        }
        return offset;
    }
}
