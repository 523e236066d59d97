package dev.openppu.model.link;

import dev.openppu.hal.pci.ConfigSpace;
import java.util.Objects;

/** The function's whole config space, not virtualised. */
final class ModelConfigSpace implements ConfigSpace {
    private static final int SIZE = 4096;

    private final HostAccess host;

    ModelConfigSpace(HostAccess host) {
        this.host = host;
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public int read8(int offset) {
        return host.configRead(check(offset, 1), 1);
    }

    @Override
    public int read16(int offset) {
        return host.configRead(check(offset, 2), 2);
    }

    @Override
    public int read32(int offset) {
        return host.configRead(check(offset, 4), 4);
    }

    @Override
    public void write8(int offset, int value) {
        host.configWrite(check(offset, 1), 1, value & 0xff);
    }

    @Override
    public void write16(int offset, int value) {
        host.configWrite(check(offset, 2), 2, value & 0xffff);
    }

    @Override
    public void write32(int offset, int value) {
        host.configWrite(check(offset, 4), 4, value);
    }

    private static int check(int offset, int bytes) {
        Objects.checkFromIndexSize(offset, bytes, SIZE);
        if ((offset & bytes - 1) != 0) {
            throw new IllegalArgumentException("config access of %d bytes at 0x%x is not naturally aligned".formatted(bytes, offset));
        }
        return offset;
    }
}
