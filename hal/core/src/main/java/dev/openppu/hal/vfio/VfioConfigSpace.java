package dev.openppu.hal.vfio;

import dev.openppu.hal.pci.ConfigSpace;

/** Config space as the kernel shows it, by reads and writes of its region. */
final class VfioConfigSpace implements ConfigSpace {
    private final RegionTrap region;
    private final int size;

    VfioConfigSpace(RegionTrap region, int size) {
        this.region = region;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int read8(int offset) {
        return (int) region.read(checked(offset, 1), 1);
    }

    @Override
    public int read16(int offset) {
        return (int) region.read(checked(offset, 2), 2);
    }

    @Override
    public int read32(int offset) {
        return (int) region.read(checked(offset, 4), 4);
    }

    @Override
    public void write8(int offset, int value) {
        region.write(checked(offset, 1), 1, value);
    }

    @Override
    public void write16(int offset, int value) {
        region.write(checked(offset, 2), 2, value);
    }

    @Override
    public void write32(int offset, int value) {
        region.write(checked(offset, 4), 4, value);
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
