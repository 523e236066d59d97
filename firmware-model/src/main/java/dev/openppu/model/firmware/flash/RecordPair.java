package dev.openppu.model.firmware.flash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A record that is replaced without ever being lost: two sectors are written in turn, the one that does not hold the newest record first. A cut at any step leaves
 * the older record, or the newer one.
 *
 * <pre>
 *  0x00 magic u32 | 0x04 sequence u32 | 0x08 length u32 | 0x0C CRC-32C u32 of all of it, this field zero | 0x10 content
 * </pre>
 */
public final class RecordPair {
    private static final int MAGIC = 0x4345_524f;
    private static final int SEQUENCE_OFFSET = 4;
    private static final int LENGTH_OFFSET = 8;
    private static final int CHECKSUM_OFFSET = 12;
    private static final int HEADER_BYTES = 16;
    private static final int MOST_BYTES = 4096;

    private final FlashPort flash;
    private final int firstSector;

    private record Found(int sector, int sequence, byte[] content) {}

    /** @param firstSector of the two */
    public RecordPair(FlashPort flash, int firstSector) {
        this.flash = flash;
        this.firstSector = firstSector;
    }

    /** The newest whole record; empty if there is none. */
    public Optional<byte[]> read() {
        Found newest = newest();
        return newest == null ? Optional.empty() : Optional.of(newest.content());
    }

    /** Has a new record written; to be called when earlier operations have ended. */
    public void write(byte[] content) {
        Found newest = newest();
        int sector = newest != null && newest.sector() == firstSector ? firstSector + 1 : firstSector;
        flash.erase(sector);
        FlashLayout.program(flash, offset(sector), encode(newest == null ? 0 : newest.sequence() + 1, content));
    }

    private @Nullable Found newest() {
        Found first = find(firstSector);
        Found second = find(firstSector + 1);
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return second.sequence() - first.sequence() > 0 ? second : first;
    }

    private @Nullable Found find(int sector) {
        byte[] header = new byte[HEADER_BYTES];
        flash.read(offset(sector), header);
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int length = fields.getInt(LENGTH_OFFSET);
        if (fields.getInt(0) != MAGIC || length < 0 || length > MOST_BYTES) {
            return null;
        }
        byte[] whole = new byte[HEADER_BYTES + length];
        flash.read(offset(sector), whole);
        if (checksum(whole) != fields.getInt(CHECKSUM_OFFSET)) {
            return null;
        }
        byte[] content = new byte[length];
        System.arraycopy(whole, HEADER_BYTES, content, 0, length);
        return new Found(sector, fields.getInt(SEQUENCE_OFFSET), content);
    }

    private static byte[] encode(int sequence, byte[] content) {
        ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + content.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(MAGIC).putInt(sequence).putInt(content.length).putInt(0).put(content);
        record.putInt(CHECKSUM_OFFSET, checksum(record.array()));
        return record.array();
    }

    private static int checksum(byte[] record) {
        byte[] copy = record.clone();
        ByteBuffer.wrap(copy).putInt(CHECKSUM_OFFSET, 0);
        CRC32C crc = new CRC32C();
        crc.update(copy, 0, copy.length);
        return (int) crc.getValue();
    }

    private static long offset(int sector) {
        return (long) sector * FlashLayout.SECTOR_BYTES;
    }
}
