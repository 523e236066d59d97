package dev.openppu.abi.firmware;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** CRC-32C over a structure that holds its own checksum. */
final class Checksums {
    private Checksums() {}

    /** Of all bytes of a structure, the four of the checksum at {@code field} taken as zero. */
    static int crc32c(MemorySegment structure, int field) {
        byte[] copy = structure.toArray(ValueLayout.JAVA_BYTE);
        Arrays.fill(copy, field, field + Integer.BYTES, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(copy, 0, copy.length);
        return (int) crc.getValue();
    }
}
