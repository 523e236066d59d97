package dev.openppu.abi.firmware;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * A message between driver and firmware: 64 bytes, little-endian.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                           sequence                            |  0x00
 *  +---------------------------------------------------------------+
 *  |     checksum: CRC-32C of the 64 bytes, this field zero        |  0x04
 *  +-------------------------------+-------------------------------+
 *  |             type              |     ABI: major << 8 | minor   |  0x08
 *  +-------------------------------+-------------------------------+
 *  |       sequence of the command answered; 0 for an event        |  0x0C
 *  +---------------------------------------------------------------+
 *  |                 payload: six words of 64 bits                 |  0x10
 *  |                              ...                              |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Protocol of a ring: the producer fills the slot {@code count mod size} with plain stores, {@link #seal}s it, and publishes the count (host:
 * {@code fw.command_tail}; firmware: {@code fw.event_tail}, then the interrupt cause). The consumer copies the slot, checks it, and publishes what it took
 * ({@code fw.command_head}, {@code fw.event_head}). A full ring is waited for, never overwritten.
 */
public final class FirmwareMessage {
    /** Bytes of a message. */
    public static final int BYTES = 64;
    /** Payload words. */
    public static final int WORDS = 6;
    public static final int SEQUENCE_OFFSET = 0x00;
    public static final int CHECKSUM_OFFSET = 0x04;
    public static final int TYPE_OFFSET = 0x08;
    public static final int ABI_OFFSET = 0x0a;
    public static final int REPLY_TO_OFFSET = 0x0c;
    public static final int PAYLOAD_OFFSET = 0x10;
    /** The first message of a ring. */
    public static final int FIRST_SEQUENCE = 1;

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FirmwareMessage() {}

    /** The sequence number after {@code sequence}: 0 is left out. */
    public static int nextSequence(int sequence) {
        return sequence == -1 ? FIRST_SEQUENCE : sequence + 1;
    }

    /**
     * Writes everything but the payload, which becomes zero, and the checksum, for which {@link #seal} is called last.
     *
     * @param type {@link MessageType#code} or {@link MessageType#replyCode}
     * @param abi {@link MessageAbi.Agreed#pack}
     */
    public static void begin(MemorySegment ring, long base, int sequence, int type, int abi, int replyTo) {
        ring.asSlice(base, BYTES).fill((byte) 0);
        ring.set(U32, base + SEQUENCE_OFFSET, sequence);
        ring.set(U16, base + TYPE_OFFSET, (short) type);
        ring.set(U16, base + ABI_OFFSET, (short) abi);
        ring.set(U32, base + REPLY_TO_OFFSET, replyTo);
    }

    /** @param index 0 to 5 */
    public static void word(MemorySegment ring, long base, int index, long value) {
        ring.set(U64, base + PAYLOAD_OFFSET + 8L * Objects.checkIndex(index, WORDS), value);
    }

    /** @param index 0 to 5 */
    public static long word(MemorySegment ring, long base, int index) {
        return ring.get(U64, base + PAYLOAD_OFFSET + 8L * Objects.checkIndex(index, WORDS));
    }

    /** Stores the checksum of what the slot holds now. */
    public static void seal(MemorySegment ring, long base) {
        ring.set(U32, base + CHECKSUM_OFFSET, checksum(ring, base));
    }

    /** Whether the stored checksum is right. */
    public static boolean intact(MemorySegment ring, long base) {
        return ring.get(U32, base + CHECKSUM_OFFSET) == checksum(ring, base);
    }

    public static int sequence(MemorySegment ring, long base) {
        return ring.get(U32, base + SEQUENCE_OFFSET);
    }

    /** Unsigned 16 bits. */
    public static int type(MemorySegment ring, long base) {
        return Short.toUnsignedInt(ring.get(U16, base + TYPE_OFFSET));
    }

    /** Unsigned 16 bits. */
    public static int abi(MemorySegment ring, long base) {
        return Short.toUnsignedInt(ring.get(U16, base + ABI_OFFSET));
    }

    public static int replyTo(MemorySegment ring, long base) {
        return ring.get(U32, base + REPLY_TO_OFFSET);
    }

    private static int checksum(MemorySegment ring, long base) {
        byte[] copy = ring.asSlice(base, BYTES).toArray(ValueLayout.JAVA_BYTE);
        copy[CHECKSUM_OFFSET] = copy[CHECKSUM_OFFSET + 1] = copy[CHECKSUM_OFFSET + 2] = copy[CHECKSUM_OFFSET + 3] = 0;
        CRC32C crc = new CRC32C();
        crc.update(copy, 0, BYTES);
        return (int) crc.getValue();
    }
}
