package dev.openppu.abi.packet;

import static dev.openppu.abi.packet.LittleEndian.U16;
import static dev.openppu.abi.packet.LittleEndian.U32;
import static dev.openppu.abi.packet.LittleEndian.U64;

import java.lang.foreign.MemorySegment;

/**
 * Holds its queue until signals are met, that is until 0 has been seen there: barrier-and until all are, barrier-or until any is. An address of 0 counts as met to barrier-and,
 * as never met to barrier-or (which holds its queue for ever if it names no signal). A negative value ends the barrier with {@link Signal#FAILED}; its queue goes on.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |        header (3 or 5)        |               0               |  0x00
 *  +-------------------------------+-------------------------------+
 *  |                               0                               |  0x04
 *  +---------------------------------------------------------------+
 *  |            dependency signal address 0; 0 is none             |  0x08
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                         … 1 to 4 …                            |  0x10
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
public final class BarrierPacket {
    /** Dependency signals of one packet. */
    public static final int DEPENDENCIES = 5;
    public static final int DEPENDENCY_OFFSET = 0x08;
    private static final int RESERVED_16_OFFSET = 0x02;
    private static final int RESERVED_32_OFFSET = 0x04;
    private static final int RESERVED_64_OFFSET = 0x30;
    public static final int COMPLETION_SIGNAL_OFFSET = AqlHeader.COMPLETION_SIGNAL_OFFSET;

    private BarrierPacket() {}

    /** The word to publish for a barrier-and. */
    public static int andWord(boolean barrier, int acquire, int release) {
        return AqlHeader.word(AqlHeader.TYPE_BARRIER_AND, barrier, acquire, release, 0);
    }

    /** The word to publish for a barrier-or. */
    public static int orWord(boolean barrier, int acquire, int release) {
        return AqlHeader.word(AqlHeader.TYPE_BARRIER_OR, barrier, acquire, release, 0);
    }

    /** Writes the body without dependencies. */
    public static void encode(MemorySegment ring, long base, long completionSignal) {
        ring.set(U32, base + RESERVED_32_OFFSET, 0);
        for (int i = 0; i < DEPENDENCIES; i++) {
            dependency(ring, base, i, 0);
        }
        ring.set(U64, base + RESERVED_64_OFFSET, 0);
        ring.set(U64, base + COMPLETION_SIGNAL_OFFSET, completionSignal);
    }

    /** @param index 0 to 4 */
    public static void dependency(MemorySegment ring, long base, int index, long signal) {
        ring.set(U64, base + DEPENDENCY_OFFSET + 8L * index, signal);
    }

    /** @param index 0 to 4 */
    public static long dependency(MemorySegment ring, long base, int index) {
        return ring.get(U64, base + DEPENDENCY_OFFSET + 8L * index);
    }

    /** Whether all fields that must be zero are. */
    public static boolean reservedClear(MemorySegment ring, long base) {
        return ring.get(U16, base + RESERVED_16_OFFSET) == 0 && ring.get(U32, base + RESERVED_32_OFFSET) == 0
                && ring.get(U64, base + RESERVED_64_OFFSET) == 0;
    }
}
