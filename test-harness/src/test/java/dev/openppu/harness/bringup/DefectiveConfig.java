package dev.openppu.harness.bringup;

import dev.openppu.hal.pci.ConfigSpace;

/** Hands every access on; a test overrides what is to be wrong. Narrow reads show what the whole doubleword would. */
public class DefectiveConfig implements ConfigSpace {
    private final ConfigSpace sound;

    public DefectiveConfig(ConfigSpace sound) {
        this.sound = sound;
    }

    /** What a doubleword reads as that holds {@code value}. */
    protected int reads(int offset, int value) {
        return value;
    }

    /** What arrives of a write of any size. */
    protected int arrives(int offset, int value) {
        return value;
    }

    @Override
    public int size() {
        return sound.size();
    }

    @Override
    public int read8(int offset) {
        return part(offset) & 0xFF;
    }

    @Override
    public int read16(int offset) {
        return part(offset) & 0xFFFF;
    }

    private int part(int offset) {
        return read32(offset & ~3) >>> Byte.SIZE * (offset & 3);
    }

    @Override
    public int read32(int offset) {
        return reads(offset, sound.read32(offset));
    }

    @Override
    public void write8(int offset, int value) {
        sound.write8(offset, arrives(offset, value));
    }

    @Override
    public void write16(int offset, int value) {
        sound.write16(offset, arrives(offset, value));
    }

    @Override
    public void write32(int offset, int value) {
        sound.write32(offset, arrives(offset, value));
    }
}
