package dev.openppu.model.link;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Observable;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.TestPoints;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.irq.MsixControl;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.Enumerator;
import dev.openppu.hal.pci.PciRegister;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PresentBars;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.pcie.DmaFault;
import dev.openppu.model.pcie.FunctionLogic;
import dev.openppu.model.pcie.InterruptController;
import dev.openppu.model.pcie.Iommu;
import dev.openppu.model.pcie.PcieFunction;
import dev.openppu.model.sim.World;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A link to a model in this process: one PCIe function behind a root port, an IOMMU and an interrupt controller. */
public final class ModelLink implements DeviceLink {
    /** The root port's only device. */
    public static final String ADDRESS = "0000:01:00.0";

    private final World world;
    private final LinkIdentity identity;
    private final FaultInjector faults;
    private final PcieFunction function;
    private final Iommu iommu;
    private final ModelConfigSpace config;
    private final HostAccess host;
    private final ModelDmaSpace dma;
    private final ModelInterrupts interrupts;
    private final int express;
    private final PresentBars bars;
    private boolean closed;

    /**
     * Powers the device on and enumerates it; the calling thread becomes known to the world.
     *
     * @param world ends with the link
     */
    public ModelLink(World world, LinkIdentity identity, FunctionLogic.Factory logic) {
        this(world, identity, new FaultInjector(world), logic);
    }

    /**
     * The same for a device whose logic can be made to go wrong.
     *
     * @param faults which {@code logic} knows as well
     */
    public ModelLink(World world, LinkIdentity identity, FaultInjector faults, FunctionLogic.Factory logic) {
        this.world = world;
        this.identity = identity;
        this.faults = faults;
        this.iommu = new Iommu(world::nanos, world.simulated(), world.bulkCopy());
        InterruptController controller = new InterruptController();
        this.function = world.exclusively(() -> new PcieFunction(world, iommu, controller, faults, logic));
        this.host = new HostAccess(world, function, faults.plan());
        this.config = new ModelConfigSpace(host);
        this.bars = new PresentBars(identity.uri(), config, new Enumerator(config, world.runtime()).run());
        this.express = capability(Express.ID);
        this.dma = new ModelDmaSpace(world, function, iommu);
        this.interrupts = new ModelInterrupts(world, function, controller,
                new MsixControl(config, this::bar, capability(PciRegister.Msix.ID), new ModelInterrupts.Messages(controller)));
    }

    private int capability(int id) {
        return Capabilities.find(config, id).map(Capability::offset)
                .orElseThrow(() -> new LinkException("%s: the function has no capability 0x%02x".formatted(
                        identity.uri(), id)));
    }

    @Override
    public LinkIdentity identity() {
        return identity;
    }

    @Override
    public ConfigSpace config() {
        return config;
    }

    @Override
    public List<Bar> bars() {
        return bars.all();
    }

    @Override
    public Mmio bar(int index) {
        return new TrappedMmio(new AddressTrap(host, bars.address(index)), bars.require(index).size());
    }

    @Override
    public DmaSpace dma() {
        return dma;
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public Set<ResetKind> resets() {
        return EnumSet.allOf(ResetKind.class);
    }

    @Override
    public void reset(ResetKind kind) {
        if (kind == ResetKind.FUNCTION_LEVEL) {
            int control = express + Express.DEVICE_CONTROL;
            config.write16(control, config.read16(control) | Express.INITIATE_FLR);
        } else {
            world.exclusively(() -> function.reset(kind));
        }
    }

    @Override
    public LinkRuntime runtime() {
        return world.runtime();
    }

    /** Only when its own code has failed; a device that was pulled out ({@link #faults}) may come back. */
    @Override
    public Optional<String> lost() {
        return world.failure();
    }

    @Override
    public List<Unobservable> unobservable() {
        return world.simulated()
                ? List.of()
                : List.of(new Unobservable(Observable.DETERMINISM, "the clock is real; open the link with clock=sim"));
    }

    @Override
    public Optional<TestPoints> testPoints() {
        return Optional.of(faults);
    }

    /** Makes things go wrong with this device. */
    public FaultInjector faults() {
        return faults;
    }

    /** Whether what happens is written to a trace. */
    public boolean traced() {
        return world.trace().on();
    }

    /**
     * Puts a line of the host program's own into the trace, as of the calling thread; no scheduling point.
     *
     * @param kind one word
     * @param detail one line
     */
    public void note(String kind, String detail) {
        if (traced()) {
            world.trace().record(world.hostActor(), kind, detail);
        }
    }

    /** Threads that software above this link has started through it and that have not ended, by their names. */
    public List<String> working() {
        return world.working();
    }

    /** Ranges of host memory that are mapped for the device now. */
    public int dmaMappings() {
        return dma.mappings();
    }

    /** Requests of the device that the IOMMU refused, the last ones, oldest first. */
    public List<DmaFault> dmaFaults() {
        return iommu.faults();
    }

    /** How many there were in all. */
    public long dmaFaultCount() {
        return iommu.faultCount();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        world.close();
        dma.close();
        closeLogic();
    }

    private void closeLogic() {
        if (function.logic() instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new LinkException("%s: the device could not be put away: %s".formatted(identity.uri(), e), e);
            }
        }
    }
}
