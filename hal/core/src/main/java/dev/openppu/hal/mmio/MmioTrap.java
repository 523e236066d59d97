package dev.openppu.hal.mmio;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What stands behind a {@link TrappedMmio}: a model, another process, a native library. Offsets are checked and aligned before they get here. */
public interface MmioTrap {

    /**
     * @param bytes 1, 2, 4 or 8
     * @return the value, zero-extended
     */
    long read(long offset, int bytes);

    /**
     * @param bytes 1, 2, 4 or 8
     * @param value higher bits are zero
     */
    void write(long offset, int bytes, long value);

    /** Bulk read; the default goes byte by byte at the edges and by 8 bytes between. */
    default void readBytes(long offset, MemorySegment destination) {
        long n = destination.byteSize();
        long i = 0;
        while (i < n) {
            if (((offset + i) & 7) == 0 && n - i >= 8) {
                destination.set(ValueLayout.JAVA_LONG_UNALIGNED, i, read(offset + i, 8));
                i += 8;
            } else {
                destination.set(ValueLayout.JAVA_BYTE, i, (byte) read(offset + i, 1));
                i++;
            }
        }
    }

    /** Bulk write; the default goes byte by byte at the edges and by 8 bytes between. */
    default void writeBytes(long offset, MemorySegment source) {
        long n = source.byteSize();
        long i = 0;
        while (i < n) {
            if (((offset + i) & 7) == 0 && n - i >= 8) {
                write(offset + i, 8, source.get(ValueLayout.JAVA_LONG_UNALIGNED, i));
                i += 8;
            } else {
                write(offset + i, 1, source.get(ValueLayout.JAVA_BYTE, i) & 0xffL);
                i++;
            }
        }
    }
}
