package dev.openppu.model.serve;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.dma.DistantMemory;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.vfiouser.protocol.RegionInfo;
import dev.openppu.hal.vfiouser.server.ServedFunction;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.link.ModelSpec;
import dev.openppu.model.pcie.FunctionLogic;
import dev.openppu.model.pcie.InterruptController;
import dev.openppu.model.pcie.Iommu;
import dev.openppu.model.pcie.PcieFunction;
import dev.openppu.model.pcie.SharedBars;
import dev.openppu.model.sim.World;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A model's PCIe function, in real time, without a host of its own: config space, BARs, DMA and interrupts are for whoever serves it. Thread-safe. */
public final class ServedModel implements ServedFunction {
    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** A conventional reset has to be over after a second (6.6.1). */
    private static final long RESET_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long RESET_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final String description;
    private final World world;
    private final Iommu iommu;
    private final PcieFunction function;
    private final @Nullable SharedBars shared;
    private final @Nullable DoorbellStores doorbells;
    private final int msix;
    private volatile List<Bar> bars;
    private final Map<Long, Iommu.Mapping> mappings = new ConcurrentHashMap<>();

    /**
     * Powers a device on.
     *
     * @param world in real time; ends with this
     */
    public ServedModel(String description, World world, FaultInjector faults, FunctionLogic.Factory logic) {
        if (world.simulated()) {
            throw new LinkException(
                    "%s: a device with a simulated clock cannot be served: its clients run in real time".formatted(description));
        }
        this.description = description;
        this.world = world;
        this.iommu = new Iommu(world::nanos, false, world.bulkCopy());
        this.function = world.exclusively(() -> new PcieFunction(world, iommu, new InterruptController(), faults, logic));
        this.shared = world.exclusively(() -> function.logic().share()).orElse(null);
        this.doorbells = shared == null || shared.doorbells().count() == 0
                ? null
                : new DoorbellStores(shared.doorbells(), new DoorbellWrites(shared.doorbells().bar()));
        this.bars = barsNow();
        awaitReady();
        this.msix = world.exclusively(function::msixCapability);
    }

    /**
     * Powers a device on, as {@code model:PROFILE} names it.
     *
     * @throws LinkException if there is no such profile or option
     */
    public static ServedModel open(LinkUri uri) {
        ModelSpec spec = ModelSpec.of(uri);
        World world = spec.openWorld();
        try {
            FaultInjector faults = new FaultInjector(world);
            return new ServedModel(uri.toString(), world, faults, spec.logic(faults));
        } catch (RuntimeException | Error e) {
            world.close();
            throw e;
        }
    }

    private List<Bar> barsNow() {
        if (doorbells != null) {
            doorbells.at(part(Objects.requireNonNull(shared).doorbells().bar()).orElseThrow().file().segment());
        }
        return function.identity().bars().stream().map(bar -> new Bar(bar.index(), bar.size(), mappable(bar.index()))).toList();
    }

    private Optional<Shared> mappable(int bar) {
        return part(bar).map(part -> new Shared(part.file().descriptor(), List.of(new RegionInfo.Area(0, part.bytes()))));
    }

    private Optional<SharedBars.Part> part(int bar) {
        return shared == null ? Optional.empty() : shared.parts().stream().filter(part -> part.bar() == bar).findFirst();
    }

    /** A store to a doorbell that a client has mapped. */
    private final class DoorbellWrites implements DoorbellStores.Bell {
        private final MemorySegment value = MemorySegment.ofArray(new byte[Long.BYTES]);
        private final int bar;

        private DoorbellWrites(int bar) {
            this.bar = bar;
        }

        @Override
        public void ring(long offset, long packet) {
            value.set(LE64, 0, packet);
            writeBar(bar, offset, value);
        }

        @Override
        public void remind(int index) {
            access(() -> Objects.requireNonNull(shared).doorbells().remind(index));
        }
    }

    @Override
    public MappedStores mappedStores() {
        return doorbells == null ? MappedStores.NONE : doorbells;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public List<Bar> bars() {
        return bars;
    }

    @Override
    public int vectors() {
        return function.identity().msix().vectors();
    }

    @Override
    public void readConfig(int offset, MemorySegment destination) {
        world.exclusively(() -> {
            int end = Math.toIntExact(destination.byteSize());
            for (int done = 0; done < end;) {
                int bytes = aligned(offset + done, end - done);
                int value = function.configRead(offset + done, bytes);
                switch (bytes) {
                    case 1 -> destination.set(ValueLayout.JAVA_BYTE, done, (byte) value);
                    case 2 -> destination.set(LE16, done, (short) value);
                    default -> destination.set(LE32, done, value);
                }
                done += bytes;
            }
        });
    }

    @Override
    public void writeConfig(int offset, MemorySegment source) {
        alone(() -> {
            int end = Math.toIntExact(source.byteSize());
            for (int done = 0; done < end;) {
                int bytes = aligned(offset + done, end - done);
                int value = switch (bytes) {
                    case 1 -> source.get(ValueLayout.JAVA_BYTE, done) & 0xff;
                    case 2 -> source.get(LE16, done) & 0xffff;
                    default -> source.get(LE32, done);
                };
                function.configWrite(offset + done, bytes, value);
                done += bytes;
            }
        });
    }

    /** The longest naturally aligned access that begins at an offset. */
    private static int aligned(int offset, int left) {
        if ((offset & 3) == 0 && left >= 4) {
            return 4;
        }
        return (offset & 1) == 0 && left >= 2 ? 2 : 1;
    }

    @Override
    public void readBar(int bar, long offset, MemorySegment destination) {
        world.exclusively(() -> function.readBar(bar, offset, destination));
    }

    @Override
    public void writeBar(int bar, long offset, MemorySegment source) {
        access(() -> function.writeBar(bar, offset, source));
    }

    private void access(Runnable action) {
        world.enter();
        carryOut(action);
    }

    @Override
    public void reset() {
        alone(() -> function.reset(ResetKind.FUNCTION_LEVEL));
        awaitReady();
    }

    @Override
    public void powerCycle() {
        world.withoutOffloaded(() -> alone(() -> {
            if (shared != null) {
                shared.renew(); // first: who has the old memory mapped writes there as long as he likes
                bars = barsNow();
            }
            function.reset(ResetKind.COLD);
        }));
        awaitReady();
    }

    /** Such an access may reset the function, whose logic must not be waiting for the client in the middle of something then. */
    private void alone(Runnable action) {
        world.enterAlone();
        carryOut(action);
    }

    /** In the exclusion, which it leaves. What moves a window takes what is mapped along, before anybody accesses anything else. */
    private void carryOut(Runnable action) {
        boolean moved;
        try {
            action.run();
            moved = shared != null && shared.behind();
        } finally {
            world.exit();
        }
        if (moved) {
            world.withoutOffloaded(() -> alone(Objects.requireNonNull(shared)::follow));
        }
    }

    @Override
    public void letInDuring(Runnable wait) {
        world.outside(wait);
    }

    @Override
    public boolean mayComeIn(int bar, long offset, long bytes) {
        return shared == null || !shared.moves(bar, offset, bytes);
    }

    private void awaitReady() {
        long deadline = world.nanos() + RESET_LIMIT_NANOS;
        while (!world.exclusively(function::ready)) {
            if (world.nanos() > deadline) {
                throw new LinkException("%s does not answer %d s after a reset".formatted(description, TimeUnit.NANOSECONDS.toSeconds(
                        RESET_LIMIT_NANOS)));
            }
            world.runtime().sleep(RESET_LOOK_NANOS);
        }
    }

    @Override
    public void map(long iova, MemorySegment memory, DmaAccess access) {
        map(new Iommu.Mapping(iova, memory, access));
    }

    @Override
    public void map(long iova, long bytes, DistantMemory memory, DmaAccess access) {
        map(new Iommu.Mapping(iova, bytes, memory, access));
    }

    private void map(Iommu.Mapping mapping) {
        iommu.map(mapping);
        mappings.put(mapping.iova(), mapping);
    }

    /** Requests under way hold the IOMMU, not the device: so none has to be waited for with the device in hand. */
    @Override
    public void unmap(long iova) {
        Iommu.Mapping mapping = mappings.remove(iova);
        if (mapping != null) {
            iommu.unmap(mapping);
        }
    }

    @Override
    public void deliverInterruptsTo(IntConsumer vectors) {
        world.exclusively(() -> function.deliverInterruptsTo(vectors));
    }

    @Override
    public void enableVector(int vector) {
        world.exclusively(() -> {
            int control = function.configRead(msix + Msix.MESSAGE_CONTROL, 2);
            function.configWrite(msix + Msix.MESSAGE_CONTROL, 2, control | Msix.ENABLE);
            function.unmaskVector(vector);
        });
    }

    @Override
    public void disableVectors() {
        world.exclusively(() -> {
            int control = function.configRead(msix + Msix.MESSAGE_CONTROL, 2);
            function.configWrite(msix + Msix.MESSAGE_CONTROL, 2, control & ~Msix.ENABLE);
        });
    }

    /** Requests of the device that were refused because nothing was mapped there. */
    public long refusedRequests() {
        return iommu.faultCount();
    }

    @Override
    public void close() {
        world.close();
        if (shared != null) {
            shared.close();
        }
        if (function.logic() instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new LinkException("%s: the device could not be put away: %s".formatted(description, e), e);
            }
        }
    }
}
