package dev.openppu.hal.mmio;

import java.lang.foreign.MemorySegment;

/**
 * A window onto a device's registers or memory, addressed by byte offset, little-endian.
 *
 * <p>Reads are acquire loads, writes are release stores (posted: they may not have arrived when the call returns; a read of the same device flushes them).
 * An access must be naturally aligned and inside the window, or it throws {@link IndexOutOfBoundsException} or {@link IllegalArgumentException} without
 * touching the device. Reads of an absent or unready device answer all ones, as on PCIe.
 *
 * <p>Software does not call these methods with offsets of its own: the accessors generated from an .rdl file do.
 */
public sealed interface Mmio permits MappedMmio, TrappedMmio {

    /** Bytes. */
    long size();

    byte read8(long offset);

    short read16(long offset);

    int read32(long offset);

    long read64(long offset);

    void write8(long offset, byte value);

    void write16(long offset, short value);

    void write32(long offset, int value);

    void write64(long offset, long value);

    /** Reads {@code destination.byteSize()} bytes; any alignment; for memory, not for registers with side effects. */
    void readBytes(long offset, MemorySegment destination);

    /** Writes {@code source.byteSize()} bytes; any alignment; for memory, not for registers with side effects. */
    void writeBytes(long offset, MemorySegment source);

    /** A narrower window. */
    Mmio slice(long offset, long size);
}
