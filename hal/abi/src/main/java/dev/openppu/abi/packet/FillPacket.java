package dev.openppu.abi.packet;

import static dev.openppu.abi.packet.LittleEndian.U32;
import static dev.openppu.abi.packet.LittleEndian.U64;

import java.lang.foreign.MemorySegment;

/**
 * Fills memory with a pattern of 1, 2 or 4 bytes.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |           header (0)          |           format (2)          |  0x00
 *  +-------------------------------+-------------------------------+
 *  |                    element bytes: 1, 2 or 4                   |  0x04
 *  +---------------------------------------------------------------+
 *  |                  pattern, in the lowest bytes                 |  0x08
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |              destination address, element-aligned             |  0x10
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                            elements                           |  0x18
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
public final class FillPacket {
    public static final int ELEMENT_BYTES_OFFSET = 0x04;
    public static final int PATTERN_OFFSET = 0x08;
    public static final int DESTINATION_OFFSET = 0x10;
    public static final int ELEMENTS_OFFSET = 0x18;
    private static final int RESERVED_0_OFFSET = 0x20;
    private static final int RESERVED_1_OFFSET = 0x28;
    private static final int RESERVED_2_OFFSET = 0x30;
    public static final int COMPLETION_SIGNAL_OFFSET = AqlHeader.COMPLETION_SIGNAL_OFFSET;

    private FillPacket() {}

    /** The word to publish. */
    public static int word(boolean barrier, int acquire, int release) {
        return VendorPacket.word(VendorPacket.FORMAT_FILL, barrier, acquire, release);
    }

    /**
     * Writes the body.
     *
     * @param elementBytes 1, 2 or 4
     * @param pattern the element, in the lowest bytes
     * @param destination virtual address, aligned to the element
     * @param elements count, not bytes
     * @param completionSignal virtual address, 0 is none
     */
    public static void encode(MemorySegment ring, long base, int elementBytes, long pattern, long destination, long elements,
            long completionSignal) {
        ring.set(U32, base + ELEMENT_BYTES_OFFSET, elementBytes);
        ring.set(U64, base + PATTERN_OFFSET, pattern);
        ring.set(U64, base + DESTINATION_OFFSET, destination);
        ring.set(U64, base + ELEMENTS_OFFSET, elements);
        ring.set(U64, base + RESERVED_0_OFFSET, 0);
        ring.set(U64, base + RESERVED_1_OFFSET, 0);
        ring.set(U64, base + RESERVED_2_OFFSET, 0);
        ring.set(U64, base + COMPLETION_SIGNAL_OFFSET, completionSignal);
    }

    /** 1, 2 or 4. */
    public static int elementBytes(MemorySegment ring, long base) {
        return ring.get(U32, base + ELEMENT_BYTES_OFFSET);
    }

    /** The element, in the lowest bytes. */
    public static long pattern(MemorySegment ring, long base) {
        return ring.get(U64, base + PATTERN_OFFSET);
    }

    /** Virtual address, aligned to the element. */
    public static long destination(MemorySegment ring, long base) {
        return ring.get(U64, base + DESTINATION_OFFSET);
    }

    /** Count, not bytes. */
    public static long elements(MemorySegment ring, long base) {
        return ring.get(U64, base + ELEMENTS_OFFSET);
    }

    /** Whether all fields that must be zero are. */
    public static boolean reservedClear(MemorySegment ring, long base) {
        return ring.get(U64, base + RESERVED_0_OFFSET) == 0
                && ring.get(U64, base + RESERVED_1_OFFSET) == 0
                && ring.get(U64, base + RESERVED_2_OFFSET) == 0;
    }
}
