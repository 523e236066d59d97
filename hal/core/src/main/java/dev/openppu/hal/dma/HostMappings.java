package dev.openppu.hal.dma;

import dev.openppu.hal.LinkException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * What of the host's memory a device may reach: the IOMMU of a device that asks for each access. A request is granted or refused as a whole; {@link #remove} returns when no request uses the
 * range any more. Thread-safe.
 */
public final class HostMappings implements IovaSpace.Taken {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final TreeMap<Long, Range> ranges = new TreeMap<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicLong refused = new AtomicLong();
    private volatile @Nullable DmaObserver observer;

    private record Range(long iova, MemorySegment memory, DmaAccess access) {
        long end() {
            return iova + memory.byteSize();
        }

        boolean allows(boolean write) {
            return write ? access.writable() : access.readable();
        }
    }

    /** @throws LinkException if it overlaps another one */
    public void add(long iova, MemorySegment memory, DmaAccess access) {
        lock.writeLock().lock();
        try {
            if (overlapping(iova, memory.byteSize())) {
                throw new LinkException("IOVA range 0x%x, %d bytes, overlaps a mapping".formatted(iova, memory.byteSize()));
            }
            ranges.put(iova, new Range(iova, memory, access));
        } finally {
            lock.writeLock().unlock();
        }
    }

    public void remove(long iova) {
        lock.writeLock().lock();
        try {
            ranges.remove(iova);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public boolean overlaps(long iova, long bytes) {
        lock.readLock().lock();
        try {
            return overlapping(iova, bytes);
        } finally {
            lock.readLock().unlock();
        }
    }

    private boolean overlapping(long iova, long bytes) {
        Map.Entry<Long, Range> before = ranges.lowerEntry(iova + bytes);
        return before != null && before.getValue().end() > iova;
    }

    /** Has {@code told} of every request from now on. */
    public void observe(DmaObserver told) {
        observer = told;
    }

    /** Requests that were refused. */
    public long refused() {
        return refused.get();
    }

    public boolean read(long iova, MemorySegment buffer) {
        return transfer(iova, buffer, false);
    }

    public boolean write(long iova, MemorySegment buffer) {
        return transfer(iova, buffer, true);
    }

    private boolean transfer(long iova, MemorySegment buffer, boolean write) {
        DmaObserver told = observer;
        lock.readLock().lock();
        try {
            if (buffer.byteSize() == 0 || granted(iova, buffer.byteSize(), write)) {
                if (told != null && write) {
                    told.writing(iova, buffer);
                }
                move(iova, buffer, write);
                if (told != null && !write) {
                    told.hasRead(iova, buffer);
                }
                return true;
            }
        } finally {
            lock.readLock().unlock();
        }
        if (told != null) {
            told.refused(iova, buffer.byteSize(), write);
        }
        refused.incrementAndGet();
        return false;
    }

    private boolean granted(long iova, long bytes, boolean write) {
        long end = iova + bytes;
        long at = iova;
        while (iova >= 0 && end > iova && at < end) {
            Map.Entry<Long, Range> entry = ranges.floorEntry(at);
            if (entry == null || entry.getValue().end() <= at || !entry.getValue().allows(write)) {
                return false;
            }
            at = entry.getValue().end();
        }
        return at >= end && end > iova;
    }

    private void move(long iova, MemorySegment buffer, boolean write) {
        long done = 0;
        while (done < buffer.byteSize()) {
            Range range = ranges.floorEntry(iova + done).getValue();
            long offset = iova + done - range.iova;
            long part = Math.min(buffer.byteSize() - done, range.memory.byteSize() - offset);
            if (write) {
                store(range.memory, offset, buffer.asSlice(done, part));
            } else {
                load(range.memory, offset, buffer.asSlice(done, part));
            }
            done += part;
        }
    }

    /** A single aligned value in one piece, behind what was stored before. */
    private static void store(MemorySegment memory, long offset, MemorySegment source) {
        switch (single(memory, offset, source.byteSize())) {
            case Long.BYTES -> LONG.setRelease(memory, offset, source.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
            case Integer.BYTES -> INT.setRelease(memory, offset, source.get(ValueLayout.JAVA_INT_UNALIGNED, 0));
            case Short.BYTES -> SHORT.setRelease(memory, offset, source.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0));
            default -> {
                MemorySegment.copy(source, 0, memory, offset, source.byteSize());
                VarHandle.releaseFence();
            }
        }
    }

    private static void load(MemorySegment memory, long offset, MemorySegment destination) {
        switch (single(memory, offset, destination.byteSize())) {
            case Long.BYTES -> destination.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, (long) LONG.getAcquire(memory, offset));
            case Integer.BYTES -> destination.set(ValueLayout.JAVA_INT_UNALIGNED, 0, (int) INT.getAcquire(memory, offset));
            case Short.BYTES -> destination.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) SHORT.getAcquire(memory, offset));
            default -> {
                VarHandle.acquireFence();
                MemorySegment.copy(memory, offset, destination, 0, destination.byteSize());
            }
        }
    }

    /** Bytes of the value if the range is one value, aligned, of more than a byte; 0 if not. */
    private static int single(MemorySegment memory, long offset, long bytes) {
        boolean value = bytes == Long.BYTES || bytes == Integer.BYTES || bytes == Short.BYTES;
        return value && (memory.address() + offset) % bytes == 0 ? (int) bytes : 0;
    }
}
