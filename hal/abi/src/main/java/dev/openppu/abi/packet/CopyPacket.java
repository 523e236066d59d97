package dev.openppu.abi.packet;

import static dev.openppu.abi.packet.LittleEndian.U32;
import static dev.openppu.abi.packet.LittleEndian.U64;

import java.lang.foreign.MemorySegment;

/**
 * Copies bytes, or the pieces that a list in memory names.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |           header (0)          |           format (1)          |  0x00
 *  +-------------------------------+-------------------------------+
 *  |                  flags: bit 0 scatter-gather                  |  0x04
 *  +---------------------------------------------------------------+
 *  |             source address, or the list's address             |  0x08
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |            destination address (scatter-gather: 0)            |  0x10
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                 bytes, or entries of the list                 |  0x18
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                               0                               |  0x20
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                               0                               |  0x28
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                               0                               |  0x30
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                   completion signal address                   |  0x38
 *  |                                                               |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Overlapping source and destination give an unspecified mixture of old and new bytes, and no fault. Copies overlap with other packets freely unless the
 * barrier bit says otherwise.
 *
 * <p>Writer and reader follow {@link AqlHeader}.
 */
public final class CopyPacket {
    public static final int FLAG_SCATTER_GATHER = 1;
    public static final int MAXIMUM_ENTRIES = 65536;

    public static final int FLAGS_OFFSET = 0x04;
    public static final int SOURCE_OFFSET = 0x08;
    public static final int DESTINATION_OFFSET = 0x10;
    public static final int LENGTH_OFFSET = 0x18;
    private static final int RESERVED_0_OFFSET = 0x20;
    private static final int RESERVED_1_OFFSET = 0x28;
    private static final int RESERVED_2_OFFSET = 0x30;
    public static final int COMPLETION_SIGNAL_OFFSET = AqlHeader.COMPLETION_SIGNAL_OFFSET;

    private CopyPacket() {}

    /** The word to publish. */
    public static int word(boolean barrier, int acquire, int release) {
        return VendorPacket.word(VendorPacket.FORMAT_COPY, barrier, acquire, release);
    }

    /**
     * Writes the body.
     *
     * @param flags {@code FLAG_…}
     * @param source virtual address; with scatter-gather, of a list of {@link ScatterGatherEntry}, 8-byte aligned
     * @param destination virtual address; with scatter-gather, 0
     * @param length bytes; with scatter-gather, entries of the list, 1 to {@link #MAXIMUM_ENTRIES}
     * @param completionSignal virtual address, 0 is none
     */
    public static void encode(MemorySegment ring, long base, int flags, long source, long destination, long length, long completionSignal) {
        ring.set(U32, base + FLAGS_OFFSET, flags);
        ring.set(U64, base + SOURCE_OFFSET, source);
        ring.set(U64, base + DESTINATION_OFFSET, destination);
        ring.set(U64, base + LENGTH_OFFSET, length);
        ring.set(U64, base + RESERVED_0_OFFSET, 0);
        ring.set(U64, base + RESERVED_1_OFFSET, 0);
        ring.set(U64, base + RESERVED_2_OFFSET, 0);
        ring.set(U64, base + COMPLETION_SIGNAL_OFFSET, completionSignal);
    }

    /** {@code FLAG_…}. */
    public static int flags(MemorySegment ring, long base) {
        return ring.get(U32, base + FLAGS_OFFSET);
    }

    /** Virtual address; with scatter-gather, of a list of {@link ScatterGatherEntry}, 8-byte aligned. */
    public static long source(MemorySegment ring, long base) {
        return ring.get(U64, base + SOURCE_OFFSET);
    }

    /** Virtual address; with scatter-gather, 0. */
    public static long destination(MemorySegment ring, long base) {
        return ring.get(U64, base + DESTINATION_OFFSET);
    }

    /** Bytes; with scatter-gather, entries of the list, 1 to {@link #MAXIMUM_ENTRIES}. */
    public static long length(MemorySegment ring, long base) {
        return ring.get(U64, base + LENGTH_OFFSET);
    }

    /** Whether all fields that must be zero are. */
    public static boolean reservedClear(MemorySegment ring, long base) {
        return ring.get(U64, base + RESERVED_0_OFFSET) == 0
                && ring.get(U64, base + RESERVED_1_OFFSET) == 0
                && ring.get(U64, base + RESERVED_2_OFFSET) == 0;
    }
}
