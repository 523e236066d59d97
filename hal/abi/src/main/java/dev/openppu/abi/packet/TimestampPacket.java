package dev.openppu.abi.packet;

import static dev.openppu.abi.packet.LittleEndian.U32;
import static dev.openppu.abi.packet.LittleEndian.U64;

import java.lang.foreign.MemorySegment;

/**
 * Writes the device time in nanoseconds when all earlier packets of the queue have completed.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |           header (0)          |           format (5)          |  0x00
 *  +-------------------------------+-------------------------------+
 *  |                               0                               |  0x04
 *  +---------------------------------------------------------------+
 *  |                    address, 8-byte aligned                    |  0x08
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                               0                               |  0x10
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                               0                               |  0x18
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
 * <p>Writer and reader follow {@link AqlHeader}.
 */
public final class TimestampPacket {
    public static final int ADDRESS_OFFSET = 0x08;
    private static final int RESERVED_0_OFFSET = 0x04;
    private static final int RESERVED_1_OFFSET = 0x10;
    private static final int RESERVED_2_OFFSET = 0x18;
    private static final int RESERVED_3_OFFSET = 0x20;
    private static final int RESERVED_4_OFFSET = 0x28;
    private static final int RESERVED_5_OFFSET = 0x30;
    public static final int COMPLETION_SIGNAL_OFFSET = AqlHeader.COMPLETION_SIGNAL_OFFSET;

    private TimestampPacket() {}

    /** The word to publish. */
    public static int word(boolean barrier, int acquire, int release) {
        return VendorPacket.word(VendorPacket.FORMAT_TIMESTAMP, barrier, acquire, release);
    }

    /**
     * Writes the body.
     *
     * @param address virtual address, 8-byte aligned
     * @param completionSignal virtual address, 0 is none
     */
    public static void encode(MemorySegment ring, long base, long address, long completionSignal) {
        ring.set(U32, base + RESERVED_0_OFFSET, 0);
        ring.set(U64, base + ADDRESS_OFFSET, address);
        ring.set(U64, base + RESERVED_1_OFFSET, 0);
        ring.set(U64, base + RESERVED_2_OFFSET, 0);
        ring.set(U64, base + RESERVED_3_OFFSET, 0);
        ring.set(U64, base + RESERVED_4_OFFSET, 0);
        ring.set(U64, base + RESERVED_5_OFFSET, 0);
        ring.set(U64, base + COMPLETION_SIGNAL_OFFSET, completionSignal);
    }

    /** Virtual address, 8-byte aligned. */
    public static long address(MemorySegment ring, long base) {
        return ring.get(U64, base + ADDRESS_OFFSET);
    }

    /** Whether all fields that must be zero are. */
    public static boolean reservedClear(MemorySegment ring, long base) {
        return ring.get(U32, base + RESERVED_0_OFFSET) == 0
                && ring.get(U64, base + RESERVED_1_OFFSET) == 0
                && ring.get(U64, base + RESERVED_2_OFFSET) == 0
                && ring.get(U64, base + RESERVED_3_OFFSET) == 0
                && ring.get(U64, base + RESERVED_4_OFFSET) == 0
                && ring.get(U64, base + RESERVED_5_OFFSET) == 0;
    }
}
