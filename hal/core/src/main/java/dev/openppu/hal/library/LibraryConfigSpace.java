package dev.openppu.hal.library;

import dev.openppu.hal.pci.ConfigSpace;

/** Config space by calls. */
final class LibraryConfigSpace implements ConfigSpace {
    private final LibraryDevice device;
    private final int size;

    LibraryConfigSpace(LibraryDevice device) {
        this.device = device;
        this.size = device.info().configBytes();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int read8(int offset) {
        return read(offset, 1);
    }

    @Override
    public int read16(int offset) {
        return read(offset, 2);
    }

    @Override
    public int read32(int offset) {
        return read(offset, 4);
    }

    @Override
    public void write8(int offset, int value) {
        write(offset, 1, value);
    }

    @Override
    public void write16(int offset, int value) {
        write(offset, 2, value);
    }

    @Override
    public void write32(int offset, int value) {
        write(offset, 4, value);
    }

    private int read(int offset, int bytes) {
        check(offset, bytes);
        return device.configRead(offset, bytes);
    }

    private void write(int offset, int bytes, int value) {
        check(offset, bytes);
        device.configWrite(offset, bytes, value);
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
