package dev.openppu.driver.owner;

import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Host memory mapped for the device, counted. Thread-safe. */
public final class PinnedMemory {
    private final DmaSpace space;
    private final AtomicInteger mappings = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    public PinnedMemory(DmaSpace space) {
        this.space = space;
    }

    /** Zeroed memory, rounded up to whole pages. */
    public DmaMapping allocate(long size, DmaAccess access) {
        return counted(space.allocate(size, access));
    }

    /** The caller's memory. */
    public DmaMapping map(MemorySegment memory, DmaAccess access) {
        return counted(space.map(memory, access));
    }

    private DmaMapping counted(DmaMapping mapping) {
        mappings.incrementAndGet();
        bytes.addAndGet(mapping.size());
        return mapping;
    }

    /** Unmaps; called once for a mapping. */
    public void free(DmaMapping mapping) {
        long size = mapping.size();
        mapping.close();
        mappings.decrementAndGet();
        bytes.addAndGet(-size);
    }

    public int mappings() {
        return mappings.get();
    }

    public long bytes() {
        return bytes.get();
    }
}
