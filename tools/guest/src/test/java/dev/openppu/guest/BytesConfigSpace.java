package dev.openppu.guest;

import dev.openppu.hal.pci.ConfigSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Config space as somebody has read it. */
record BytesConfigSpace(ByteBuffer bytes) implements ConfigSpace {
    BytesConfigSpace(byte[] bytes) {
        this(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public int size() {
        return bytes.capacity();
    }

    @Override
    public int read8(int offset) {
        return Byte.toUnsignedInt(bytes.get(offset));
    }

    @Override
    public int read16(int offset) {
        return Short.toUnsignedInt(bytes.getShort(offset));
    }

    @Override
    public int read32(int offset) {
        return bytes.getInt(offset);
    }

    @Override
    public void write8(int offset, int value) {
        throw new UnsupportedOperationException("it was read, and is no more than that");
    }

    @Override
    public void write16(int offset, int value) {
        write8(offset, value);
    }

    @Override
    public void write32(int offset, int value) {
        write8(offset, value);
    }
}
