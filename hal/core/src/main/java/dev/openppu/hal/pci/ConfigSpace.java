package dev.openppu.hal.pci;

/**
 * A function's configuration space, little-endian. Reads of an absent or unready function answer all ones; writes then go nowhere.
 *
 * <p>Accesses must be naturally aligned and inside {@link #size()}, or they throw {@link IllegalArgumentException} or {@link IndexOutOfBoundsException}.
 */
public interface ConfigSpace {
    /** 256 (conventional) or 4096 bytes. */
    int size();

    /** Zero-extended. */
    int read8(int offset);

    /** Zero-extended. */
    int read16(int offset);

    int read32(int offset);

    void write8(int offset, int value);

    void write16(int offset, int value);

    void write32(int offset, int value);
}
