package dev.openppu.hal.pci;

import java.util.Arrays;

/** Config space as a byte array; counts reads, so that a walk that never ends is noticed. */
final class FakeConfigSpace implements ConfigSpace {
    private static final int MOST_READS = 20_000;

    final byte[] bytes;
    private int reads;

    FakeConfigSpace(int size) {
        bytes = new byte[size];
    }

    FakeConfigSpace fill(int value) {
        Arrays.fill(bytes, (byte) value);
        return this;
    }

    FakeConfigSpace put(int offset, int count, long value) {
        for (int i = 0; i < count; i++) {
            bytes[offset + i] = (byte) (value >>> 8 * i);
        }
        return this;
    }

    private int get(int offset, int count) {
        if (++reads > MOST_READS) {
            throw new IllegalStateException("the walk does not end");
        }
        if (offset % count != 0) {
            throw new IllegalArgumentException("unaligned access at " + offset);
        }
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[offset + i] & 0xff) << 8 * i;
        }
        return value;
    }

    @Override
    public int size() {
        return bytes.length;
    }

    @Override
    public int read8(int offset) {
        return get(offset, 1);
    }

    @Override
    public int read16(int offset) {
        return get(offset, 2);
    }

    @Override
    public int read32(int offset) {
        return get(offset, 4);
    }

    @Override
    public void write8(int offset, int value) {
        put(offset, 1, value);
    }

    @Override
    public void write16(int offset, int value) {
        put(offset, 2, value);
    }

    @Override
    public void write32(int offset, int value) {
        put(offset, 4, value);
    }
}
