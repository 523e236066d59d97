package dev.openppu.bench.line;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.twin.MemoryTwin;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Copies of one size by a driver, and by memcpy, in turn through buffers larger than a core's caches, so that none copies what it has just copied. The buffers on the device go with the context. */
final class DriverCopies implements AutoCloseable {
    private final Context context;
    private final int bytes;
    private final int copies;
    private final long bufferBytes;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment host;
    private final MemorySegment other;
    private final PinnedBuffer pinned;
    private final DeviceBuffer device;
    private long at;

    /**
     * @param bytes of one copy
     * @param copies that are timed together
     * @param bufferBytes of each buffer, a multiple of {@code bytes}
     */
    DriverCopies(Context context, int bytes, int copies, long bufferBytes) {
        this.context = context;
        this.bytes = bytes;
        this.copies = copies;
        this.bufferBytes = bufferBytes;
        host = arena.allocate(bufferBytes, 4096).fill((byte) 1);
        other = arena.allocate(bufferBytes, 4096).fill((byte) 2);
        pinned = context.allocatePinned(bufferBytes);
        device = context.allocate(bufferBytes);
        pinned.segment().fill((byte) 3);
        context.copy(device, 0, pinned, 0, bufferBytes);
    }

    /** One copy, at an offset that every buffer has. */
    @FunctionalInterface
    private interface Copy {
        void at(long offset);
    }

    /** GB/s of pinned memory to the device. */
    double pinnedDown() {
        return rate(offset -> context.copy(device, offset, pinned, offset, bytes));
    }

    /** GB/s of the device to pinned memory. */
    double pinnedUp() {
        return rate(offset -> context.copy(pinned, offset, device, offset, bytes));
    }

    /** GB/s of ordinary memory to the device. */
    double pageableDown() {
        return rate(offset -> context.copyToDevice(device, offset, host.asSlice(offset, bytes)));
    }

    /** GB/s of the device to ordinary memory. */
    double pageableUp() {
        return rate(offset -> context.copyToHost(host.asSlice(offset, bytes), device, offset));
    }

    private double rate(Copy copy) {
        long start = System.nanoTime();
        for (int i = 0; i < copies; i++) {
            copy.at(next());
        }
        return rate(System.nanoTime() - start);
    }

    /** GB/s of memcpy, which takes its time itself. */
    double memcpy() {
        long nanos = 0;
        for (int i = 0; i < copies; i++) {
            long offset = next();
            nanos += MemoryTwin.copies(other.asSlice(offset, bytes), host.asSlice(offset, bytes), 1);
        }
        return rate(nanos);
    }

    private double rate(long nanos) {
        return (double) copies * bytes / nanos;
    }

    private long next() {
        long offset = at;
        at = (at + bytes) % bufferBytes;
        return offset;
    }

    @Override
    public void close() {
        arena.close();
    }
}
