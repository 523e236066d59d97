package dev.openppu.model.link;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.CallersMemory;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.dma.HostPages;
import dev.openppu.hal.dma.IovaSpace;
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
    private static final List<IovaRange> RANGES = List.of(new IovaRange(1L << 16, InterruptController.FIRST_ADDRESS - 1), new IovaRange(
            InterruptController.LAST_ADDRESS + 1, LAST_IOVA));

    private final World world;
    private final PcieFunction function;
    private final Iommu iommu;
    private final HostPages pages = new HostPages();
    private final Set<Mapped> open = ConcurrentHashMap.newKeySet();
    private final long pageSize = HostMemory.pageSize();
    private final IovaSpace iovas;

    ModelDmaSpace(World world, PcieFunction function, Iommu iommu) {
        this.world = world;
        this.function = function;
        this.iommu = iommu;
        this.iovas = new IovaSpace(RANGES, pageSize, iommu::overlaps);
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
        long whole = iovas.pages(bytes);
        world.spend(MAP_NANOS);
        return add(pages.allocate(whole), iovas.choose(whole), access, true);
    }

    @Override
    public DmaMapping map(MemorySegment memory, DmaAccess access) {
        CallersMemory.require(memory, pageSize);
        world.spend(MAP_NANOS);
        return add(memory, iovas.choose(memory.byteSize()), access, false);
    }

    @Override
    public DmaMapping map(MemorySegment memory, long iova, DmaAccess access) {
        CallersMemory.require(memory, pageSize);
        world.spend(MAP_NANOS);
        iovas.require(iova, memory.byteSize());
        return add(memory, iova, access, false);
    }

    /** Mappings that are open. */
    int mappings() {
        return open.size();
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
