package dev.openppu.hal.vfiouser;

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
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.Enumerator;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.pci.PresentBars;
import dev.openppu.hal.pci.RegionConfigSpace;
import dev.openppu.hal.posix.Descriptor;
import dev.openppu.hal.posix.socket.UnixSocket;
import dev.openppu.hal.realtime.RealTimeRuntime;
import dev.openppu.hal.vfiouser.RemoteDmaSpace.ByMessages;
import dev.openppu.hal.vfiouser.ServerMessages.HostAccess;
import dev.openppu.hal.vfiouser.protocol.PciRegion;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A link to a device that another process serves: one PCIe function at the root port, in real time. */
public final class VfioUserLink implements DeviceLink {
    private static final String ADDRESS = "0000:01:00.0";
    private static final int CONVENTIONAL_CONFIG_BYTES = 256;
    private static final int EXTENDED_CONFIG_BYTES = 4096;
    /** What software above has to find out by itself that the device is gone, before its waits end with an exception. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private final AtomicBoolean closed = new AtomicBoolean();
    private final HostMappings mappings = new HostMappings();
    private final SharedPages pages = new SharedPages();
    private final String uri;
    private final RealTimeRuntime runtime;
    private final Session session;
    private final RemoteDevice device;
    private final LinkIdentity identity;
    private final ConfigSpace config;
    private final PresentBars bars;
    private final RemoteBars windows;
    private final RemoteDmaSpace dma;
    private final EventInterrupts interrupts;

    /**
     * How a link is to be.
     *
     * @param uri that named it
     * @param timescale stretches time-outs
     * @param patienceNanos how long a server that runs may leave a command unanswered
     * @param dma which accesses to host memory the server asks for
     * @param barsByMessages nothing is mapped of what the server offers of the BARs
     */
    record Settings(String uri, double timescale, long patienceNanos, ByMessages dma, boolean barsByMessages) {}

    /** Agrees with the server at the other end of a socket, which is this link's from now on, and enumerates the device. */
    VfioUserLink(Settings settings, UnixSocket socket) {
        this.uri = settings.uri;
        this.runtime = new RealTimeRuntime("ppu-vfio-user", settings.timescale);
        this.session = agree(settings, socket);
        try {
            this.device = new RemoteDevice(session.connection());
            this.config = new RegionConfigSpace(new RemoteRegion(session.connection(), PciRegion.CONFIG, () -> false), configBytes());
            this.bars = new PresentBars(uri, config, new Enumerator(config, runtime).run(device::bars));
            this.windows = new RemoteBars(device, !settings.barsByMessages);
            this.dma = new RemoteDmaSpace(device, mappings, pages, settings.dma);
            this.interrupts = new EventInterrupts("ppu-vfio-user-interrupts", msix(), device, runtime::interrupted);
            this.identity = new LinkIdentity(uri, ADDRESS, "%04x:%04x served by vfio-user".formatted(config.read16(Header.VENDOR_ID),
                    config.read16(Header.DEVICE_ID)), true);
            session.onLoss(this::lose);
            session.connection().requireServer(); // of a lost one everything reads as all ones, which must not be taken for a device
        } catch (RuntimeException | Error e) {
            LinkException lost = session.connection().ended();
            session.close();
            pages.close();
            runtime.close();
            if (lost != null) {
                throw lost; // the other is only what was made of all ones
            }
            throw e;
        }
    }

    /** Nothing is left of a link whose server does not agree. */
    private Session agree(Settings settings, UnixSocket socket) {
        try {
            return new Session(uri, socket, settings.patienceNanos, new Host());
        } catch (RuntimeException | Error e) {
            pages.close();
            runtime.close();
            throw e;
        }
    }

    /** @throws LinkException if it is too small for a config space */
    private int configBytes() {
        RemoteDevice.Region region = device.region(PciRegion.CONFIG);
        region.descriptors().forEach(Descriptor::close);
        long bytes = region.info().size();
        if (bytes < CONVENTIONAL_CONFIG_BYTES) {
            throw new LinkException(
                    "%s: the server's config space has %d bytes, less than %d".formatted(uri, bytes, CONVENTIONAL_CONFIG_BYTES));
        }
        return bytes < EXTENDED_CONFIG_BYTES ? CONVENTIONAL_CONFIG_BYTES : EXTENDED_CONFIG_BYTES;
    }

    /**
     * A function without the capability has no vectors, whatever the server would signal.
     *
     * @throws LinkException if the server says of its vectors one thing and its config space another
     */
    private MsixControl msix() {
        int capability = Capabilities.find(config, Msix.ID).map(Capability::offset).orElse(0);
        int signalled = capability == 0 ? 0 : device.vectors();
        MsixControl msix = new MsixControl(config, this::bar, signalled == 0 ? 0 : capability, MsixControl.Messages.unused());
        if (msix.vectors() != signalled) {
            throw new LinkException("%s: the server says %d MSI-X vectors, its config space %d".formatted(uri, signalled, msix.vectors()));
        }
        return msix;
    }

    private final class Host implements HostAccess {
        @Override
        public boolean read(long iova, MemorySegment buffer) {
            return mappings.read(iova, buffer);
        }

        @Override
        public boolean write(long iova, MemorySegment buffer) {
            boolean granted = mappings.write(iova, buffer);
            if (granted) {
                runtime.memoryChanged();
            }
            return granted;
        }
    }

    /** As if the device had been pulled out: registers read as all ones, whoever waits for an interrupt looks; what waits all the same ends with an exception. */
    private void lose() {
        windows.lose();
        interrupts.lose();
        runtime.wake();
        long grace = System.nanoTime() + GRACE_NANOS;
        while (!closed.get() && System.nanoTime() < grace) {
            LockSupport.parkNanos(this, grace - System.nanoTime());
        }
        LinkException why = session.connection().ended();
        if (!closed.get() && why != null) {
            runtime.fail("the device is lost", why);
        }
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
        return windows.window(bars.require(index));
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
        return device.resets() ? Set.of(ResetKind.FUNCTION_LEVEL) : Set.of();
    }

    @Override
    public void reset(ResetKind kind) {
        if (!resets().contains(kind)) {
            throw new LinkException("%s has no reset of kind %s; there are %s".formatted(uri, kind, resets()));
        }
        device.reset();
    }

    @Override
    public LinkRuntime runtime() {
        return runtime;
    }

    @Override
    public List<Unobservable> unobservable() {
        return List.of(new Unobservable(Observable.DETERMINISM, "the server runs in real time, in a process of its own"),
                new Unobservable(Observable.RESET_WINDOW, "the server answers a reset when it is over"),
                new Unobservable(Observable.DMA_FAULTS, "the server refuses what is not mapped by itself, and the protocol does not tell"),
                new Unobservable(Observable.BUS_ADDRESSES, "the protocol names BARs and vectors by their numbers"));
    }

    @Override
    public Optional<String> lost() {
        return session.connection().lost();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        session.close();
        interrupts.close();
        windows.close();
        runtime.close();
        dma.close();
    }
}
