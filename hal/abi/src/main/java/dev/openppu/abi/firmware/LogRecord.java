package dev.openppu.abi.firmware;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A record of the firmware's rolling log in reserved device memory: 64 bytes, little-endian.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                           sequence                            |  0x00
 *  +---------------------------------------------------------------+
 *  |     checksum: CRC-32C of the 64 bytes, this field zero        |  0x04
 *  +---------------------------------------------------------------+
 *  |            device time in nanoseconds (64 bits)               |  0x08
 *  |                                                               |
 *  +---------------------------+-+---------------------------------+
 *  |  level: 0 to 3   14:0     |C|   bytes of text in this record  |  0x10
 *  +---------------------------+-+---------------------------------+
 *  |                 text: 44 bytes of UTF-8, zero-padded          |  0x14
 *  |                              ...                              |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>C (bit 15 of the level) says that the text goes on in the record with the next sequence; every record holds whole characters, and all records of one text
 * have its level and time.
 *
 * <p>Protocol: the firmware writes record {@code n} (0, 1, 2 … since its start, modulo 2^32; its sequence) to slot {@code n mod fw.log_records}, then stores
 * {@code n + 1} to {@code fw.log_head}. A reader takes the head, reads slots, takes the head again; what is no longer within {@code log_records} of it, or does
 * not have the sequence that belongs there, was overwritten meanwhile.
 *
 * @param sequence number of the record since the firmware's start, modulo 2^32
 * @param nanos device time
 * @param level how grave
 * @param continued the text goes on in the next record
 * @param text what this record holds of it, at most {@link #TEXT_BYTES} bytes of UTF-8
 */
public record LogRecord(int sequence, long nanos, LogLevel level, boolean continued, String text) {
    /** Bytes of a record. */
    public static final int BYTES = 64;
    /** Bytes of text that a record takes. */
    public static final int TEXT_BYTES = 44;
    public static final int SEQUENCE_OFFSET = 0x00;
    public static final int CHECKSUM_OFFSET = 0x04;
    public static final int NANOS_OFFSET = 0x08;
    public static final int LEVEL_OFFSET = 0x10;
    public static final int LENGTH_OFFSET = 0x12;
    public static final int TEXT_OFFSET = 0x14;

    private static final int CONTINUED = 0x8000;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The records of one text, as many as it takes. */
    public static List<LogRecord> of(int firstSequence, long nanos, LogLevel level, String text) {
        List<byte[]> pieces = Utf8.pieces(text, TEXT_BYTES);
        List<LogRecord> records = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            records.add(new LogRecord(firstSequence + i, nanos, level, i < pieces.size() - 1,
                    new String(pieces.get(i), StandardCharsets.UTF_8)));
        }
        return records;
    }

    /**
     * Writes the 64 bytes, checksum included.
     *
     * @throws IllegalArgumentException if the text is longer than a record takes
     */
    public void encode(MemorySegment segment, long base) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > TEXT_BYTES) {
            throw new IllegalArgumentException("%d bytes of text in one log record".formatted(bytes.length));
        }
        MemorySegment record = segment.asSlice(base, BYTES);
        record.fill((byte) 0);
        record.set(U32, SEQUENCE_OFFSET, sequence);
        record.set(U64, NANOS_OFFSET, nanos);
        record.set(U16, LEVEL_OFFSET, (short) (level.code() | (continued ? CONTINUED : 0)));
        record.set(U16, LENGTH_OFFSET, (short) bytes.length);
        MemorySegment.copy(bytes, 0, record, ValueLayout.JAVA_BYTE, TEXT_OFFSET, bytes.length);
        record.set(U32, CHECKSUM_OFFSET, Checksums.crc32c(record, CHECKSUM_OFFSET));
    }

    /** Reads what the device wrote, trusting nothing; empty if it is no record, or damaged. */
    public static Optional<LogRecord> decode(MemorySegment segment, long base) {
        MemorySegment record = segment.asSlice(base, BYTES);
        int length = Short.toUnsignedInt(record.get(U16, LENGTH_OFFSET));
        if (length > TEXT_BYTES || record.get(U32, CHECKSUM_OFFSET) != Checksums.crc32c(record, CHECKSUM_OFFSET)) {
            return Optional.empty();
        }
        int level = Short.toUnsignedInt(record.get(U16, LEVEL_OFFSET));
        String text = Utf8.untrusted(record.asSlice(TEXT_OFFSET, length));
        return Optional.of(new LogRecord(record.get(U32, SEQUENCE_OFFSET), record.get(U64, NANOS_OFFSET),
                LogLevel.of(level & ~CONTINUED), (level & CONTINUED) != 0, text));
    }
}
