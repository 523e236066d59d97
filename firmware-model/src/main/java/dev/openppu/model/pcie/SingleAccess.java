package dev.openppu.model.pcie;

import dev.openppu.hal.mmio.MmioTrap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Requests that come as bytes: an aligned one of 1, 2, 4 or 8 bytes is one access, anything else a burst. */
final class SingleAccess {
    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private SingleAccess() {}

    static void read(MmioTrap bar, long offset, MemorySegment destination) {
        int bytes = single(offset, destination.byteSize());
        switch (bytes) {
            case 1 -> destination.set(ValueLayout.JAVA_BYTE, 0, (byte) bar.read(offset, 1));
            case 2 -> destination.set(LE16, 0, (short) bar.read(offset, 2));
            case 4 -> destination.set(LE32, 0, (int) bar.read(offset, 4));
            case 8 -> destination.set(LE64, 0, bar.read(offset, 8));
            default -> bar.readBytes(offset, destination);
        }
    }

    static void write(MmioTrap bar, long offset, MemorySegment source) {
        int bytes = single(offset, source.byteSize());
        switch (bytes) {
            case 1 -> bar.write(offset, 1, source.get(ValueLayout.JAVA_BYTE, 0) & 0xffL);
            case 2 -> bar.write(offset, 2, source.get(LE16, 0) & 0xffffL);
            case 4 -> bar.write(offset, 4, source.get(LE32, 0) & 0xffff_ffffL);
            case 8 -> bar.write(offset, 8, source.get(LE64, 0));
            default -> bar.writeBytes(offset, source);
        }
    }

    /** 0 if it is none. */
    private static int single(long offset, long bytes) {
        boolean power = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
        return power && (offset & bytes - 1) == 0 ? (int) bytes : 0;
    }
}
