package dev.openppu.hal.vfio;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.IovaSpace;
import java.util.Map;
import java.util.TreeMap;

/** IOVA ranges that are mapped, or were and could not be unmapped. Thread-safe. */
final class MappedRanges implements IovaSpace.Taken {
    private final TreeMap<Long, Long> lengths = new TreeMap<>();

    @Override
    public synchronized boolean overlaps(long iova, long bytes) {
        Map.Entry<Long, Long> before = lengths.lowerEntry(iova + bytes);
        return before != null && before.getKey() + before.getValue() > iova;
    }

    /** @throws LinkException if it overlaps another one */
    synchronized void add(long iova, long bytes) {
        if (overlaps(iova, bytes)) {
            throw new LinkException("IOVA range 0x%x, %d bytes, overlaps a mapping".formatted(iova, bytes));
        }
        lengths.put(iova, bytes);
    }

    synchronized void remove(long iova) {
        lengths.remove(iova);
    }
}
