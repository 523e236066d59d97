package dev.openppu.model.link;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaObserver;
import dev.openppu.hal.dma.MappedDmaSpace;
import dev.openppu.model.pcie.InterruptController;
import dev.openppu.model.pcie.Iommu;
import dev.openppu.model.pcie.PcieFunction;
import dev.openppu.model.sim.World;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** IOVA mappings, enforced by the model's IOMMU. */
final class ModelDmaSpace extends MappedDmaSpace {
    private static final long MAP_NANOS = 1_500;
    private static final long LAST_IOVA = (1L << 48) - 1;
    private static final List<IovaRange> RANGES = List.of(new IovaRange(1L << 16, InterruptController.FIRST_ADDRESS - 1), new IovaRange(
            InterruptController.LAST_ADDRESS + 1, LAST_IOVA));

    private final World world;
    private final PcieFunction function;
    private final Iommu iommu;

    ModelDmaSpace(World world, PcieFunction function, Iommu iommu) {
        super(RANGES, iommu::overlaps);
        this.world = world;
        this.function = function;
        this.iommu = iommu;
    }

    @Override
    protected Grant grant(long iova, MemorySegment memory, DmaAccess access) {
        Iommu.Mapping mapping = new Iommu.Mapping(iova, memory, access);
        world.spend(MAP_NANOS);
        world.enter();
        try {
            iommu.map(mapping);
            if (world.trace().on()) {
                world.trace().record(world.hostActor(), "iova-map",
                        "iova=0x" + Long.toHexString(iova) + " bytes=" + memory.byteSize() + " " + access);
            }
        } catch (IllegalArgumentException e) {
            throw new LinkException(String.valueOf(e.getMessage()), e);
        } finally {
            world.exit();
        }
        return new Granted(mapping);
    }

    @Override
    public boolean observe(DmaObserver observer) {
        iommu.observe(observer);
        return true;
    }

    private final class Granted implements Grant {
        private final Iommu.Mapping mapping;

        Granted(Iommu.Mapping mapping) {
            this.mapping = mapping;
        }

        /** What the device has posted arrives first; then nothing of it can reach the range. */
        @Override
        public void revoke() {
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
        }

        @Override
        public void forget() {
            iommu.unmap(mapping);
        }
    }
}
