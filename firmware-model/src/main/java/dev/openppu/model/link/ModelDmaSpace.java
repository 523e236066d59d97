package dev.openppu.model.link;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.model.pcie.InterruptController;
import dev.openppu.model.pcie.Iommu;
import dev.openppu.model.pcie.PcieFunction;
import dev.openppu.model.sim.World;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** IOVA mappings, enforced by the model's IOMMU. IOVAs have nothing to do with host addresses, and unmapped pages lie between mappings. */
final class ModelDmaSpace implements DmaSpace {
    private static final long MAP_NANOS = 1_500;
    private static final long LAST_IOVA = (1L << 48) - 1;
    private static final long FIRST_CHOSEN_IOVA = 1L << 32;
    private static final long LAST_CHOSEN_IOVA = 1L << 46;
    private static final long LARGEST_ALIGNMENT = 1L << 30;
    private static final List<IovaRange> RANGES = List.of(new IovaRange(1L << 16, InterruptController.FIRST_ADDRESS - 1), new IovaRange(
            InterruptController.LAST_ADDRESS + 1, LAST_IOVA));

    private final World world;
    private final PcieFunction function;
    private final Iommu iommu;
    private final HostPages pages = new HostPages();
    private final Set<Mapped> open = ConcurrentHashMap.newKeySet();
    private final long pageSize = HostMemory.pageSize();
    private long nextIova = FIRST_CHOSEN_IOVA;

    ModelDmaSpace(World world, PcieFunction function, Iommu iommu) {
        this.world = world;
        this.function = function;
        this.iommu = iommu;
    }

    @Override
    public long pageSize() {
        return pageSize;
    }

    @Override
    public List<IovaRange> ranges() {
        return RANGES;
    }

    @Override
    public DmaMapping allocate(long bytes, DmaAccess access) {
        if (bytes <= 0 || bytes > LAST_CHOSEN_IOVA - FIRST_CHOSEN_IOVA) {
            throw new LinkException("cannot allocate %d bytes of DMA memory".formatted(bytes));
        }
        world.spend(MAP_NANOS);
        MemorySegment memory = pages.allocate(align(bytes));
        return add(memory, chooseIova(memory.byteSize()), access, true);
    }

    @Override
    public DmaMapping map(MemorySegment memory, DmaAccess access) {
        check(memory);
        world.spend(MAP_NANOS);
        return add(memory, chooseIova(memory.byteSize()), access, false);
    }

    @Override
    public DmaMapping map(MemorySegment memory, long iova, DmaAccess access) {
        check(memory);
        world.spend(MAP_NANOS);
        long last = iova + memory.byteSize() - 1;
        if (iova % pageSize != 0) {
            throw new LinkException("IOVA 0x%x is not aligned to the page size %d".formatted(iova, pageSize));
        }
        if (RANGES.stream().noneMatch(r -> iova >= r.first() && last <= r.last() && last >= iova)) {
            throw new LinkException("IOVA range 0x%x to 0x%x is outside the usable ranges %s".formatted(iova, last, RANGES));
        }
        return add(memory, iova, access, false);
    }

    /** Mappings that are open. */
    int mappings() {
        return open.size();
    }

    private void check(MemorySegment memory) {
        if (!memory.isNative() || memory.isReadOnly()) {
            throw new LinkException("DMA needs native memory that may be written, not " + memory);
        }
        if (memory.byteSize() == 0 || memory.byteSize() % pageSize != 0 || memory.address() % pageSize != 0) {
            throw new LinkException(
                    "DMA memory must be page-aligned and a multiple of the page size %d, not %d bytes at alignment %d".formatted(pageSize,
                            memory.byteSize(), memory.address() & -memory.address()));
        }
        if (!memory.isAccessibleBy(new Thread(() -> {}))) {
            throw new LinkException("DMA memory is used by device threads: allocate it in a shared, automatic or global arena");
        }
    }

    private DmaMapping add(MemorySegment memory, long iova, DmaAccess access, boolean owned) {
        Mapped mapped = new Mapped(new Iommu.Mapping(iova, memory, access), owned);
        world.enter();
        try {
            iommu.map(mapped.mapping);
            open.add(mapped);
            if (world.trace().on()) {
                world.trace().record(world.hostActor(), "iova-map",
                        "iova=0x" + Long.toHexString(iova) + " bytes=" + memory.byteSize() + " " + access);
            }
        } catch (IllegalArgumentException e) {
            throw new LinkException(String.valueOf(e.getMessage()), e);
        } finally {
            world.exit();
        }
        return mapped;
    }

    /** Ascending with a page between, from the begin again when the end is reached; aligned to its own size, so that few and large pages of the device's can cover it. */
    private synchronized long chooseIova(long bytes) {
        long alignment = Math.min(Long.highestOneBit(bytes), LARGEST_ALIGNMENT);
        nextIova = nextIova + alignment - 1 & -alignment;
        long first = nextIova;
        boolean wrapped = false;
        for (;;) {
            if (nextIova + bytes > LAST_CHOSEN_IOVA) {
                if (wrapped) {
                    throw new LinkException("IOVA space is exhausted: no %d bytes are free".formatted(bytes));
                }
                wrapped = true;
                nextIova = FIRST_CHOSEN_IOVA; // aligned to anything that is asked for
            }
            long iova = nextIova;
            if (wrapped && iova > first) {
                throw new LinkException("IOVA space is exhausted: no %d bytes are free".formatted(bytes));
            }
            nextIova = iova + bytes + pageSize + alignment - 1 & -alignment;
            if (!iommu.overlaps(iova, bytes)) {
                return iova;
            }
        }
    }

    private long align(long bytes) {
        return (bytes + pageSize - 1) & -pageSize;
    }

    /** Unmaps what is left; called when the world has ended. */
    void close() {
        open.forEach(m -> iommu.unmap(m.mapping));
        open.clear();
        pages.close();
    }

    private final class Mapped implements DmaMapping {
        private final Iommu.Mapping mapping;
        private final boolean owned;

        Mapped(Iommu.Mapping mapping, boolean owned) {
            this.mapping = mapping;
            this.owned = owned;
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

        /** What the device has posted arrives first; then nothing of it can reach the range. */
        @Override
        public void close() {
            if (!open.remove(this)) {
                return;
            }
            world.spend(MAP_NANOS);
            world.enter();
            try {
                function.flushUpstream();
                iommu.unmap(mapping);
                if (world.trace().on()) {
                    world.trace().record(world.hostActor(), "iova-unmap", "iova=0x" + Long.toHexString(mapping.iova()));
                }
            } finally {
                world.exit();
            }
            if (owned) {
                pages.release(mapping.memory());
            }
        }
    }
}
