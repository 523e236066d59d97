package dev.openppu.hal.dma;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaSpace.IovaRange;
import java.util.List;

/**
 * Chooses IOVAs for mappings: ascending with an unmapped page between, from the begin again when the end is reached; aligned to the mapping's size, so that few and large pages of a
 * device's can cover it. IOVAs have nothing to do with host addresses: a driver that confuses the two is found out. Thread-safe.
 */
public final class IovaSpace {
    private static final long FIRST_CHOSEN = 1L << 32;
    private static final long LAST_CHOSEN = 1L << 46;
    private static final long LARGEST_ALIGNMENT = 1L << 30;

    private final List<IovaRange> ranges;
    private final long pageSize;
    private final Taken taken;
    private long next = FIRST_CHOSEN;

    /** Knows what is mapped. */
    public interface Taken {
        boolean overlaps(long iova, long bytes);
    }

    /** @param ranges usable ones, ascending; chosen are IOVAs from 4 GiB to 64 TiB */
    public IovaSpace(List<IovaRange> ranges, long pageSize, Taken taken) {
        this.ranges = List.copyOf(ranges);
        this.pageSize = pageSize;
        this.taken = taken;
    }

    public List<IovaRange> ranges() {
        return ranges;
    }

    /** As many bytes as asked for, rounded up to whole pages; throws {@link LinkException} if that cannot be mapped. */
    public long pages(long bytes) {
        if (bytes <= 0 || bytes > LAST_CHOSEN - FIRST_CHOSEN) {
            throw new LinkException("cannot allocate %d bytes of DMA memory".formatted(bytes));
        }
        return (bytes + pageSize - 1) & -pageSize;
    }

    /** @throws LinkException if no such range is free */
    public synchronized long choose(long bytes) {
        long alignment = Math.min(Long.highestOneBit(bytes), LARGEST_ALIGNMENT);
        next = next + alignment - 1 & -alignment;
        long first = next;
        boolean wrapped = false;
        for (;;) {
            if (next + bytes > LAST_CHOSEN) {
                if (wrapped) {
                    throw exhausted(bytes);
                }
                wrapped = true;
                next = FIRST_CHOSEN; // aligned to anything that is asked for
            }
            long iova = next;
            if (wrapped && iova > first) {
                throw exhausted(bytes);
            }
            next = iova + bytes + pageSize + alignment - 1 & -alignment;
            if (!taken.overlaps(iova, bytes)) {
                return iova;
            }
        }
    }

    private static LinkException exhausted(long bytes) {
        return new LinkException("IOVA space is exhausted: no %d bytes are free".formatted(bytes));
    }

    /** @throws LinkException if an IOVA of the caller's choice cannot begin a mapping of so many bytes */
    public void require(long iova, long bytes) {
        long last = iova + bytes - 1;
        if (iova % pageSize != 0) {
            throw new LinkException("IOVA 0x%x is not aligned to the page size %d".formatted(iova, pageSize));
        }
        if (ranges.stream().noneMatch(r -> iova >= r.first() && last <= r.last() && last >= iova)) {
            throw new LinkException("IOVA range 0x%x to 0x%x is outside the usable ranges %s".formatted(iova, last, ranges));
        }
    }
}
