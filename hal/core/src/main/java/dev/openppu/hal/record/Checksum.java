package dev.openppu.hal.record;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32C;

/** CRC32C, by which a recording knows content that it does not have. */
public final class Checksum {
    private static final long PIECE = 1 << 30;

    private Checksum() {}

    public static long of(MemorySegment data) {
        CRC32C crc = new CRC32C();
        for (long done = 0; done < data.byteSize(); done += PIECE) {
            update(crc, data.asSlice(done, Math.min(data.byteSize() - done, PIECE)));
        }
        return crc.getValue();
    }

    /** Arrays of anything but bytes cannot be looked at as a buffer. */
    private static void update(CRC32C crc, MemorySegment piece) {
        if (piece.isNative() || piece.heapBase().filter(byte[].class::isInstance).isPresent()) {
            crc.update(piece.asByteBuffer());
        } else {
            crc.update(piece.toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
