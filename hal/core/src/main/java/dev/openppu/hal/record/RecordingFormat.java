package dev.openppu.hal.record;

/**
 * A recording's layout, little-endian.
 *
 * <pre>
 *   0  8  magic "PPUREC\r\n"
 *   8  2  version
 *  10  1  state: 0 being written, 1 complete, 2 truncated by a write error
 *  11  1  0
 *  12  4  bytes of the description
 *  16  4  CRC32C of the description
 *  20     description, then blocks:
 *
 *   0  4  magic "PRBK"; "PREN" in the last block, which has no records
 *   4  4  number, counted from 0
 *   8  4  bytes of records, at most {@link #MOST_BLOCK_BYTES}
 *  12  4  records
 *  16  8  time from which the first record counts, ns
 *  24  4  CRC32C of the 24 bytes before and of the records
 *  28     records
 * </pre>
 *
 * The writer writes a block when it is full, in order, and the state last. A block stands for itself: a reader trusts those whose checksum holds, in order, and stops at the first
 * that does not.
 */
final class RecordingFormat {
    static final byte[] MAGIC = {'P', 'P', 'U', 'R', 'E', 'C', '\r', '\n'};
    static final int VERSION = 1;
    static final int VERSION_OFFSET = 8;
    static final int STATE_OFFSET = 10;
    static final int DESCRIPTION_BYTES_OFFSET = 12;
    static final int DESCRIPTION_CRC_OFFSET = 16;
    static final int HEAD_BYTES = 20;
    static final int MOST_DESCRIPTION_BYTES = 1 << 20;

    static final int BLOCK_MAGIC = 0x4B425250;
    static final int END_MAGIC = 0x4E455250;
    static final int BLOCK_HEAD_BYTES = 28;
    static final int BLOCK_CRC_OFFSET = 24;
    static final int MOST_BLOCK_BYTES = 1 << 16;
    /** Longest content of one record. */
    static final int MOST_CONTENT_BYTES = 1 << 14;
    /** A record's bytes without its content: kind, and six numbers of at most ten bytes and the content's length. */
    static final int MOST_RECORD_HEAD_BYTES = 1 + 7 * 10;

    static final byte WRITING = 0;
    static final byte COMPLETE = 1;
    static final byte TRUNCATED = 2;

    private RecordingFormat() {}
}
