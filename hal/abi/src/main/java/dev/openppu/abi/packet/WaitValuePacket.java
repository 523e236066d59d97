package dev.openppu.abi.packet;

import static dev.openppu.abi.packet.LittleEndian.U32;
import static dev.openppu.abi.packet.LittleEndian.U64;

import java.lang.foreign.MemorySegment;

/**
 * Holds its queue until a value in memory compares with a reference.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |           header (0)          |           format (3)          |  0x00
 *  +-------------------------------+-------------------------------+
 *  |                   compare 7:0, 64-bit: bit 8                  |  0x04
 *  +---------------------------------------------------------------+
 *  |                 address, aligned to the value                 |  0x08
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                           reference                           |  0x10
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
public final class WaitValuePacket {
    /** Cyclic: value - reference, as a signed difference, is not negative. */
    public static final int COMPARE_GREATER_OR_EQUAL = 0;
    public static final int COMPARE_EQUAL = 1;
    /** (value and reference) != 0. */
    public static final int COMPARE_AND = 2;
    /** ~(value | reference) != 0. */
    public static final int COMPARE_NOR = 3;
    /** Cyclic: value - reference, as a signed difference, is not positive; for signals, which count down. */
    public static final int COMPARE_LESS_OR_EQUAL = 4;
    public static final int COMPARE_MASK = 0xff;
    /** Value and reference are 64 bits wide, otherwise 32. */
    public static final int FLAG_64_BIT = 1 << 8;

    public static final int CONTROL_OFFSET = 0x04;
    public static final int ADDRESS_OFFSET = 0x08;
    public static final int REFERENCE_OFFSET = 0x10;
    private static final int RESERVED_0_OFFSET = 0x18;
    private static final int RESERVED_1_OFFSET = 0x20;
    private static final int RESERVED_2_OFFSET = 0x28;
    private static final int RESERVED_3_OFFSET = 0x30;
    public static final int COMPLETION_SIGNAL_OFFSET = AqlHeader.COMPLETION_SIGNAL_OFFSET;

    private WaitValuePacket() {}

    /** The word to publish. */
    public static int word(boolean barrier, int acquire, int release) {
        return VendorPacket.word(VendorPacket.FORMAT_WAIT_VALUE, barrier, acquire, release);
    }

    /**
     * Writes the body.
     *
     * @param control {@code COMPARE_…}, or'ed with {@link #FLAG_64_BIT}
     * @param address virtual address, aligned to the value's 4 or 8 bytes
     * @param reference the upper half is ignored for 32-bit values
     * @param completionSignal virtual address, 0 is none
     */
    public static void encode(MemorySegment ring, long base, int control, long address, long reference, long completionSignal) {
        ring.set(U32, base + CONTROL_OFFSET, control);
        ring.set(U64, base + ADDRESS_OFFSET, address);
        ring.set(U64, base + REFERENCE_OFFSET, reference);
        ring.set(U64, base + RESERVED_0_OFFSET, 0);
        ring.set(U64, base + RESERVED_1_OFFSET, 0);
        ring.set(U64, base + RESERVED_2_OFFSET, 0);
        ring.set(U64, base + RESERVED_3_OFFSET, 0);
        ring.set(U64, base + COMPLETION_SIGNAL_OFFSET, completionSignal);
    }

    /** Whether the wait is over: {@code value} as read from memory, by this packet's {@code control}; an undefined comparison never holds. */
    public static boolean met(int control, long value, long reference) {
        boolean wide = (control & FLAG_64_BIT) != 0;
        long v = wide ? value : (int) value;
        long r = wide ? reference : (int) reference;
        return switch (control & COMPARE_MASK) {
            case COMPARE_GREATER_OR_EQUAL -> (wide ? v - r : (int) (v - r)) >= 0;
            case COMPARE_EQUAL -> v == r;
            case COMPARE_AND -> (v & r) != 0;
            case COMPARE_NOR -> ~(v | r) != 0;
            case COMPARE_LESS_OR_EQUAL -> (wide ? v - r : (int) (v - r)) <= 0;
            default -> false;
        };
    }

    /** Whether {@code control} has no undefined comparison and no undefined bit. */
    public static boolean defined(int control) {
        return (control & ~(COMPARE_MASK | FLAG_64_BIT)) == 0 && (control & COMPARE_MASK) <= COMPARE_LESS_OR_EQUAL;
    }

    /** {@code COMPARE_…}, or'ed with {@link #FLAG_64_BIT}. */
    public static int control(MemorySegment ring, long base) {
        return ring.get(U32, base + CONTROL_OFFSET);
    }

    /** Virtual address, aligned to the value's 4 or 8 bytes. */
    public static long address(MemorySegment ring, long base) {
        return ring.get(U64, base + ADDRESS_OFFSET);
    }

    /** The upper half is ignored for 32-bit values. */
    public static long reference(MemorySegment ring, long base) {
        return ring.get(U64, base + REFERENCE_OFFSET);
    }

    /** Whether all fields that must be zero are. */
    public static boolean reservedClear(MemorySegment ring, long base) {
        return ring.get(U64, base + RESERVED_0_OFFSET) == 0
                && ring.get(U64, base + RESERVED_1_OFFSET) == 0
                && ring.get(U64, base + RESERVED_2_OFFSET) == 0
                && ring.get(U64, base + RESERVED_3_OFFSET) == 0;
    }
}
