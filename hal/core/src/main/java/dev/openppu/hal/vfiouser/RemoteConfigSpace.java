package dev.openppu.hal.vfiouser;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.pci.ConfigSpace;

/** Config space by messages. */
final class RemoteConfigSpace implements ConfigSpace {
    private static final int CONVENTIONAL = 256;
    private static final int EXTENDED = 4096;

    private final MmioTrap region;
    private final int size;

    /** @throws LinkException if it is too small for one */
    RemoteConfigSpace(String name, MmioTrap region, long bytes) {
        if (bytes < CONVENTIONAL) {
            throw new LinkException("%s: the server's config space has %d bytes, less than %d".formatted(name, bytes, CONVENTIONAL));
        }
        this.region = region;
        this.size = bytes < EXTENDED ? CONVENTIONAL : EXTENDED;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int read8(int offset) {
        return (int) read(offset, Byte.BYTES);
    }

    @Override
    public int read16(int offset) {
        return (int) read(offset, Short.BYTES);
    }

    @Override
    public int read32(int offset) {
        return (int) read(offset, Integer.BYTES);
    }

    @Override
    public void write8(int offset, int value) {
        write(offset, Byte.BYTES, value);
    }

    @Override
    public void write16(int offset, int value) {
        write(offset, Short.BYTES, value);
    }

    @Override
    public void write32(int offset, int value) {
        write(offset, Integer.BYTES, value);
    }

    private long read(int offset, int bytes) {
        check(offset, bytes);
        return region.read(offset, bytes);
    }

    private void write(int offset, int bytes, int value) {
        check(offset, bytes);
        region.write(offset, bytes, value);
    }

    private void check(int offset, int bytes) {
        if (offset < 0 || offset > size - bytes) {
            throw new IndexOutOfBoundsException("config access of %d bytes at 0x%x of %d".formatted(bytes, offset, size));
        }
        if (offset % bytes != 0) {
            throw new IllegalArgumentException("config access of %d bytes at 0x%x is not aligned".formatted(bytes, offset));
        }
    }
}
