package dev.openppu.hal.vfiouser.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How numbers stand in messages. */
final class Wire {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Wire() {}

    static int u16(MemorySegment at, long offset) {
        return Short.toUnsignedInt(at.get(U16, offset));
    }

    static void u16(MemorySegment at, long offset, int value) {
        at.set(U16, offset, (short) value);
    }

    static int u32(MemorySegment at, long offset) {
        return at.get(U32, offset);
    }

    static void u32(MemorySegment at, long offset, int value) {
        at.set(U32, offset, value);
    }

    static long u64(MemorySegment at, long offset) {
        return at.get(U64, offset);
    }

    static void u64(MemorySegment at, long offset, long value) {
        at.set(U64, offset, value);
    }

    /** @throws ProtocolException if the payload is not exactly so long */
    static void demand(MemorySegment payload, long bytes, String what) {
        if (payload.byteSize() != bytes) {
            throw ProtocolException.malformed("%s has a payload of %d bytes, not %d".formatted(what, payload.byteSize(), bytes));
        }
    }

    /** @throws ProtocolException if the payload is shorter */
    static void demandAtLeast(MemorySegment payload, long bytes, String what) {
        if (payload.byteSize() < bytes) {
            throw ProtocolException
                    .malformed("%s has a payload of %d bytes, which is less than %d".formatted(what, payload.byteSize(), bytes));
        }
    }

    /** @throws ProtocolException if the sender has no room for the fixed part of a reply */
    static void demandRoom(int argsz, long bytes, String what) {
        if (Integer.toUnsignedLong(argsz) < bytes) {
            throw ProtocolException
                    .malformed("%s says argsz %d, which is less than %d".formatted(what, Integer.toUnsignedLong(argsz), bytes));
        }
    }

    /** @throws ProtocolException if [address, address + size) goes on beyond 2^64; that it ends there is fine */
    static void demandRange(long address, long size, String what) {
        if (size != 0 && Long.compareUnsigned(address, -size) > 0) {
            throw ProtocolException.malformed("%s: the range 0x%x, 0x%x bytes, wraps".formatted(what, address, size));
        }
    }
}
