package dev.openppu.harness.cover;

import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaObserver;
import dev.openppu.hal.dma.DmaSpace;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Host memory mapped for a device, which can be found by its IOVA. Thread-safe. */
final class WatchedDmaSpace implements DmaSpace {
    private final DmaSpace device;
    private final ConcurrentSkipListMap<Long, MemorySegment> mapped = new ConcurrentSkipListMap<>();

    WatchedDmaSpace(DmaSpace device) {
        this.device = device;
    }

    /** The memory from an IOVA on, to the end of its mapping; empty if nothing is mapped there. It may be unmapped at any time. */
    Optional<MemorySegment> from(long iova) {
        Map.Entry<Long, MemorySegment> below = mapped.floorEntry(iova);
        return below == null || iova - below.getKey() >= below.getValue().byteSize()
                ? Optional.empty()
                : Optional.of(below.getValue().asSlice(iova - below.getKey()));
    }

    @Override
    public long pageSize() {
        return device.pageSize();
    }

    @Override
    public List<IovaRange> ranges() {
        return device.ranges();
    }

    @Override
    public boolean observe(DmaObserver observer) {
        return device.observe(observer);
    }

    @Override
    public DmaMapping allocate(long bytes, DmaAccess access) {
        return noted(device.allocate(bytes, access));
    }

    @Override
    public DmaMapping map(MemorySegment memory, DmaAccess access) {
        return noted(device.map(memory, access));
    }

    @Override
    public DmaMapping map(MemorySegment memory, long iova, DmaAccess access) {
        return noted(device.map(memory, iova, access));
    }

    private DmaMapping noted(DmaMapping mapping) {
        mapped.put(mapping.iova(), mapping.memory());
        return new Noted(mapping);
    }

    private final class Noted implements DmaMapping {
        private final DmaMapping mapping;
        private final MemorySegment known;

        Noted(DmaMapping mapping) {
            this.mapping = mapping;
            this.known = mapping.memory();
        }

        @Override
        public long iova() {
            return mapping.iova();
        }

        @Override
        public long size() {
            return mapping.size();
        }

        @Override
        public DmaAccess access() {
            return mapping.access();
        }

        @Override
        public MemorySegment memory() {
            return mapping.memory();
        }

        /** Forgotten first: the address may be another's as soon as it is free. */
        @Override
        public void close() {
            mapped.remove(mapping.iova(), known);
            mapping.close();
        }
    }
}
