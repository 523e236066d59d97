package dev.openppu.hal.record;

import java.nio.ByteBuffer;

/** Whole numbers in as few bytes as they need: seven bits a byte, lowest first, the highest bit set in all but the last. */
final class Varint {
    private static final int MOST_BYTES = 10;

    private Varint() {}

    static void put(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Negative ones are as short as positive ones. */
    static void putSigned(ByteBuffer out, long value) {
        put(out, value << 1 ^ value >> 63);
    }

    /** @throws java.nio.BufferUnderflowException if the buffer ends within it */
    static long get(ByteBuffer in) {
        long value = 0;
        for (int i = 0; i < MOST_BYTES; i++) {
            byte next = in.get();
            value |= (next & 0x7FL) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw new RecordingException("a number has more than " + MOST_BYTES + " bytes");
    }

    static long getSigned(ByteBuffer in) {
        long coded = get(in);
        return coded >>> 1 ^ -(coded & 1);
    }
}
