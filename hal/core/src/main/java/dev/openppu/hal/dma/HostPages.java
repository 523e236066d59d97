package dev.openppu.hal.dma;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.posix.PosixException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Zeroed, page-aligned host memory for DMA, carved out of large reservations that live as long as the link: memory that was given back can still be touched by its
 * former owner without harm to the process. Thread-safe.
 */
public final class HostPages implements AutoCloseable {
    private static final long SMALLEST_RESERVATION = 1L << 30;

    private final List<Reservation> reservations = new ArrayList<>();
    private final PageSource source;

    /** A reservation and its free ranges: offset to length, never adjacent. */
    private record Reservation(MemorySegment memory, TreeMap<Long, Long> free) {}

    public HostPages(PageSource source) {
        this.source = source;
    }

    /** Of this process's own memory. */
    public static HostPages ofProcess() {
        return new HostPages(new PrivatePages());
    }

    /** @param bytes a multiple of the page size */
    public synchronized MemorySegment allocate(long bytes) {
        for (Reservation reservation : reservations) {
            for (Map.Entry<Long, Long> range : reservation.free.entrySet()) {
                if (range.getValue() >= bytes) {
                    return carve(reservation, range.getKey(), range.getValue(), bytes);
                }
            }
        }
        Reservation fresh = reserve(Math.max(SMALLEST_RESERVATION, bytes));
        return carve(fresh, 0, fresh.memory.byteSize(), bytes);
    }

    private Reservation reserve(long bytes) {
        try {
            Reservation fresh = new Reservation(source.reserve(bytes), new TreeMap<>());
            fresh.free.put(0L, bytes);
            reservations.add(fresh);
            return fresh;
        } catch (PosixException e) {
            throw new LinkException("cannot reserve %d bytes of host memory for DMA: %s".formatted(bytes, e.getMessage()), e);
        }
    }

    private static MemorySegment carve(Reservation reservation, long offset, long length, long bytes) {
        reservation.free.remove(offset);
        if (length > bytes) {
            reservation.free.put(offset + bytes, length - bytes);
        }
        return reservation.memory.asSlice(offset, bytes);
    }

    /** Gives pages back that {@link #allocate} gave. */
    public synchronized void release(MemorySegment pages) {
        for (Reservation reservation : reservations) {
            long offset = pages.address() - reservation.memory.address();
            if (offset >= 0 && offset < reservation.memory.byteSize()) {
                source.discard(pages);
                free(reservation.free, offset, pages.byteSize());
                return;
            }
        }
        throw new IllegalArgumentException("not allocated here");
    }

    private static void free(TreeMap<Long, Long> free, long offset, long bytes) {
        long begin = offset;
        long length = bytes;
        Map.Entry<Long, Long> before = free.lowerEntry(offset);
        if (before != null && before.getKey() + before.getValue() == offset) {
            begin = before.getKey();
            length += before.getValue();
        }
        Long after = free.remove(offset + bytes);
        free.put(begin, length + (after == null ? 0 : after));
    }

    @Override
    public void close() {
        source.close();
    }
}
