package dev.openppu.abi.packet;

import static dev.openppu.abi.packet.LittleEndian.U64;

import java.lang.foreign.MemorySegment;

/**
 * One piece of a scatter-gather copy: four 64-bit words. The list lies in memory that the queue's context can read, 8-byte aligned.
 *
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                  source virtual address (64)                  |  0x00
 *  +---------------------------------------------------------------+
 *  |               destination virtual address (64)                |  0x08
 *  +---------------------------------------------------------------+
 *  |                          bytes (64)                           |  0x10
 *  +---------------------------------------------------------------+
 *  |                            0 (64)                             |  0x18
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The writer fills the list before it publishes the {@link CopyPacket} and leaves it alone until that has completed.
 */
public final class ScatterGatherEntry {
    /** Bytes of an entry. */
    public static final int BYTES = 32;
    public static final int SOURCE_OFFSET = 0x00;
    public static final int DESTINATION_OFFSET = 0x08;
    public static final int LENGTH_OFFSET = 0x10;
    private static final int RESERVED_OFFSET = 0x18;

    private ScatterGatherEntry() {}

    public static void encode(MemorySegment list, long base, long source, long destination, long length) {
        list.set(U64, base + SOURCE_OFFSET, source);
        list.set(U64, base + DESTINATION_OFFSET, destination);
        list.set(U64, base + LENGTH_OFFSET, length);
        list.set(U64, base + RESERVED_OFFSET, 0);
    }

    public static long source(MemorySegment list, long base) {
        return list.get(U64, base + SOURCE_OFFSET);
    }

    public static long destination(MemorySegment list, long base) {
        return list.get(U64, base + DESTINATION_OFFSET);
    }

    /** Bytes. */
    public static long length(MemorySegment list, long base) {
        return list.get(U64, base + LENGTH_OFFSET);
    }

    /** Whether the field that must be zero is. */
    public static boolean reservedClear(MemorySegment list, long base) {
        return list.get(U64, base + RESERVED_OFFSET) == 0;
    }
}
