package dev.openppu.hal.library;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Observable;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.dma.HostMappings;
import dev.openppu.hal.irq.EventInterrupts;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.irq.MsixControl;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.Enumerator;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.pci.PresentBars;
import dev.openppu.hal.pci.RegionConfigSpace;
import dev.openppu.hal.realtime.RealTimeRuntime;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A link to a device in a library, whichever way the library is called: one PCIe function at the root port, in real time. */
public final class LibraryLink implements DeviceLink {
    private static final System.Logger LOG = System.getLogger(LibraryLink.class.getName());
    private static final Level[] LEVELS = {Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR};
    private static final String ADDRESS = "0000:01:00.0";
    /** Of device time, at once: a device that is stepped notices accesses of the host in between. */
    private static final long STEP_NANOS = 100_000;

    private final AtomicBoolean closed = new AtomicBoolean();
    private final HostMappings mappings = new HostMappings();
    private final LibraryLoss loss = new LibraryLoss(this::lose);
    private final RealTimeRuntime runtime;
    private final LibraryDevice device;
    private final LinkIdentity identity;
    private final ConfigSpace config;
    private final PresentBars bars;
    private final LibraryDmaSpace dma;
    private final EventInterrupts interrupts;

    /**
     * Powers the device on and enumerates it.
     *
     * @param uri that named it
     * @param timescale stretches time-outs
     * @param open opens the device for a host
     */
    public LibraryLink(String uri, double timescale, Function<LibraryHost, LibraryDevice> open) {
        this.runtime = new RealTimeRuntime("ppu-library", timescale);
        this.device = new LosableLibrary(open.apply(new Host()), loss);
        try {
            LibraryInfo info = device.info();
            this.identity = new LinkIdentity(uri, ADDRESS, "device in a library: " + info.description(), info.simulated());
            if (info.stepped()) {
                runtime.start("ppu-library-clock", this::step);
            }
            this.config = new RegionConfigSpace(new LibraryConfigRegion(device), info.configBytes());
            this.bars = new PresentBars(uri, config, new Enumerator(config, runtime).run());
            this.dma = new LibraryDmaSpace(device, mappings);
            this.interrupts = new EventInterrupts("ppu-library-interrupts", msix(), new LibrarySignaller(device), runtime::interrupted);
            loss.requireDevice(); // of one that is gone everything reads as all ones, which must not be taken for a device
        } catch (RuntimeException | Error e) {
            device.close();
            runtime.close();
            loss.requireDevice(); // the other is only what was made of all ones
            throw e;
        }
    }

    /** @throws LinkException if the library says of its vectors one thing and its config space another */
    private MsixControl msix() {
        MsixControl msix = new MsixControl(config, this::bar, Capabilities.find(config, Msix.ID).map(Capability::offset).orElse(0),
                MsixControl.Messages.unused());
        if (msix.vectors() != device.info().vectors()) {
            throw new LinkException("%s: the library says %d MSI-X vectors, its config space %d".formatted(identity.uri(),
                    device.info().vectors(), msix.vectors()));
        }
        return msix;
    }

    private final class Host implements LibraryHost {
        @Override
        public boolean dmaRead(long iova, MemorySegment buffer) {
            return mappings.read(iova, buffer);
        }

        @Override
        public boolean dmaWrite(long iova, MemorySegment buffer) {
            boolean granted = mappings.write(iova, buffer);
            if (granted) {
                runtime.memoryChanged();
            }
            return granted;
        }

        @Override
        public void log(int level, String text) {
            LOG.log(LEVELS[Math.clamp(level, 0, LEVELS.length - 1)], LibraryText.printable(text));
        }
    }

    private void step() {
        while (!closed.get() && loss.why().isEmpty()) {
            try {
                device.advance(STEP_NANOS);
            } catch (LibraryException e) {
                if (!loss.means(e)) {
                    throw e;
                }
            }
        }
    }

    /** Whoever waits ends with an exception that says why. */
    private void lose(LibraryException why) {
        LOG.log(Level.WARNING, () -> "%s has lost its device: %s".formatted(identity.uri(), why.getMessage()));
        runtime.fail("the device is lost", why);
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
        bars.address(index); // it is decoded
        long size = bars.require(index).size();
        Optional<MemorySegment> mapped = device.mapBar(index, 0, size);
        return mapped.isPresent() ? new MappedMmio(mapped.get()) : new TrappedMmio(new LibraryBar(device, index), size);
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
        Set<ResetKind> kinds = EnumSet.noneOf(ResetKind.class);
        for (ResetKind kind : ResetKind.values()) {
            if ((device.info().resets() & 1 << number(kind)) != 0) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    @Override
    public void reset(ResetKind kind) {
        if (!resets().contains(kind)) {
            throw new LinkException("%s has no reset of kind %s; there are %s".formatted(identity.uri(), kind, resets()));
        }
        device.reset(number(kind));
    }

    /** {@code PPU_RESET_*}. */
    private static int number(ResetKind kind) {
        return switch (kind) {
            case FUNCTION_LEVEL -> 0;
            case SECONDARY_BUS -> 1;
            case COLD -> 2;
        };
    }

    @Override
    public LinkRuntime runtime() {
        return runtime;
    }

    /** How often the device was refused host memory; empty if nobody counts. */
    public OptionalLong dmaRefused() {
        OptionalLong own = device.dmaRefused();
        return own.isPresent() ? OptionalLong.of(Math.max(own.getAsLong(), mappings.refused())) : own;
    }

    @Override
    public List<Unobservable> unobservable() {
        List<Unobservable> hidden = new ArrayList<>();
        hidden.add(new Unobservable(Observable.DETERMINISM, "the device runs in real time, on threads of its own"));
        hidden.add(new Unobservable(Observable.BUS_ADDRESSES, "the interface names BARs and vectors by their numbers"));
        if (device.dmaRefused().isEmpty()) {
            hidden.add(new Unobservable(Observable.DMA_FAULTS, "the library has no ppu_device_dma_refused"));
        }
        return List.copyOf(hidden);
    }

    @Override
    public Optional<String> lost() {
        return loss.why().map(why -> "its library says so: " + why);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        device.close();
        interrupts.close();
        runtime.close();
        dma.close();
    }
}
