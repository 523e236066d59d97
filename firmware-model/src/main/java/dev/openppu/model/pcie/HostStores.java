package dev.openppu.model.pcie;

import dev.openppu.model.sim.BulkCopy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How the device's requests touch host memory: an aligned one of 2, 4 or 8 bytes is one acquire load or release store, a longer one a copy between fences, so that
 * what a request carries is visible to whoever sees a later one.
 */
final class HostStores {
    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle V8 = ValueLayout.JAVA_BYTE.varHandle();
    private static final VarHandle V16 = LE16.varHandle();
    private static final VarHandle V32 = LE32.varHandle();
    private static final VarHandle V64 = LE64.varHandle();
    private static final ValueLayout.OfLong ANY64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt ANY32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort ANY16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final int LINE = 64;
    private static final long GROUP = 4L * LINE;

    private HostStores() {}

    static long load(MemorySegment host, long offset, int bytes) {
        return switch (bytes) {
            case 1 -> (byte) V8.getVolatile(host, offset) & 0xffL;
            case 2 -> (short) V16.getAcquire(host, offset) & 0xffffL;
            case 4 -> (int) V32.getAcquire(host, offset) & 0xffff_ffffL;
            default -> (long) V64.getAcquire(host, offset);
        };
    }

    static void store(MemorySegment host, long offset, int bytes, long value) {
        switch (bytes) {
            case 1 -> V8.setVolatile(host, offset, (byte) value);
            case 2 -> V16.setRelease(host, offset, (short) value);
            case 4 -> V32.setRelease(host, offset, (int) value);
            default -> V64.setRelease(host, offset, value);
        }
    }

    static void read(MemorySegment host, long offset, MemorySegment device, long at, long bytes, BulkCopy copy) {
        if (single(offset, bytes)) {
            putDevice(device, at, (int) bytes, load(host, offset, (int) bytes));
        } else {
            VarHandle.acquireFence();
            copy.copy(host, offset, device, at, bytes);
            VarHandle.acquireFence();
        }
    }

    /** Lines of 64 bytes; the first 8 bytes of each are loaded first. */
    static void readLines(MemorySegment host, long offset, MemorySegment device, long at, long bytes) {
        for (long group = 0; group < bytes; group += GROUP) {
            readGroup(host, offset + group, device, at + group, Math.min(GROUP, bytes - group));
        }
        VarHandle.acquireFence();
    }

    /** Up to 4 lines: their first words, and after them all the rest by one copy, over which the words are put again. */
    private static void readGroup(MemorySegment host, long offset, MemorySegment device, long at, long bytes) {
        long first = (long) V64.getAcquire(host, offset);
        long second = bytes > LINE ? (long) V64.getAcquire(host, offset + LINE) : 0;
        long third = bytes > 2 * LINE ? (long) V64.getAcquire(host, offset + 2 * LINE) : 0;
        long fourth = bytes > 3 * LINE ? (long) V64.getAcquire(host, offset + 3 * LINE) : 0;
        VarHandle.acquireFence();
        MemorySegment.copy(host, offset, device, at, bytes);
        device.set(ANY64, at, first);
        if (bytes > LINE) {
            device.set(ANY64, at + LINE, second);
        }
        if (bytes > 2 * LINE) {
            device.set(ANY64, at + 2 * LINE, third);
        }
        if (bytes > 3 * LINE) {
            device.set(ANY64, at + 3 * LINE, fourth);
        }
    }

    static void write(MemorySegment host, long offset, MemorySegment device, long at, long bytes, BulkCopy copy) {
        if (single(offset, bytes)) {
            store(host, offset, (int) bytes, getDevice(device, at, (int) bytes));
        } else {
            VarHandle.releaseFence();
            copy.copy(device, at, host, offset, bytes);
            VarHandle.releaseFence();
        }
    }

    /** Host memory is mapped by whole pages, so alignment of the offset is alignment of the address. */
    private static boolean single(long offset, long bytes) {
        return (bytes == 8 || bytes == 4 || bytes == 2) && (offset & bytes - 1) == 0;
    }

    private static long getDevice(MemorySegment device, long at, int bytes) {
        return switch (bytes) {
            case 2 -> device.get(ANY16, at);
            case 4 -> device.get(ANY32, at);
            default -> device.get(ANY64, at);
        };
    }

    private static void putDevice(MemorySegment device, long at, int bytes, long value) {
        switch (bytes) {
            case 2 -> device.set(ANY16, at, (short) value);
            case 4 -> device.set(ANY32, at, (int) value);
            default -> device.set(ANY64, at, value);
        }
    }
}
