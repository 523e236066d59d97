package dev.openppu.hal.vfio;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Observable;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.EventInterrupts;
import dev.openppu.hal.irq.EventReceiver;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PresentBars;
import dev.openppu.hal.pci.RegionConfigSpace;
import dev.openppu.hal.posix.EventDescriptor;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.vfio.VfioAddressSpace;
import dev.openppu.hal.posix.vfio.VfioDevice;
import dev.openppu.hal.posix.vfio.VfioDevice.Irq;
import dev.openppu.hal.posix.vfio.VfioRegion;
import dev.openppu.hal.realtime.RealTimeRuntime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A link to a function that vfio-pci has: the kernel has enumerated it, and enforces what it may reach. */
final class VfioLink implements DeviceLink {
    private static final List<Unobservable> HIDDEN = List.of(
            new Unobservable(Observable.MSIX_MASKING, "the kernel keeps the MSI-X table to itself, and VFIO masks no vector of it"),
            new Unobservable(Observable.RAW_CONFIG_SPACE,
                    "the kernel shows a copy of config space: its own BARs, and only capabilities that it knows"),
            new Unobservable(Observable.RESET_WINDOW,
                    "a reset returns when the function is ready again and the kernel has restored its configuration"),
            new Unobservable(Observable.DMA_FAULTS, "the IOMMU reports faults to the kernel, which writes them to its log alone"),
            new Unobservable(Observable.WRITE_ONLY_DMA,
                    "not every IOMMU has pages that can be written and not read, and the kernel does not say which it has"),
            new Unobservable(Observable.DETERMINISM, "the device runs in real time"),
            new Unobservable(Observable.BUS_ADDRESSES, "the kernel places BARs and routes messages, and names both by their numbers"));

    private final AtomicBoolean closed = new AtomicBoolean();
    private final LinkIdentity identity;
    private final VfioAddressSpace space;
    private final VfioDevice device;
    private final RealTimeRuntime runtime;
    private final ConfigSpace config;
    private final VfioBars bars;
    private final PresentBars present;
    private final VfioDmaSpace dma;
    private final EventInterrupts interrupts;
    private final Set<ResetKind> resets;
    private final EventReceiver events;
    private final List<Irq> reported = new ArrayList<>();
    private volatile @Nullable String lost;

    /** Takes both over, and closes them if it cannot be made. */
    VfioLink(LinkIdentity identity, double timescale, VfioAddressSpace space, VfioDevice device) {
        this.identity = identity;
        this.space = space;
        this.device = device;
        this.runtime = new RealTimeRuntime("ppu-vfio", timescale);
        try {
            VfioRegion region = device.region(VfioRegion.CONFIG);
            this.config = new RegionConfigSpace(new RegionTrap(device, region), (int) region.size());
            this.bars = new VfioBars(device, config);
            this.present = new PresentBars(identity.uri(), config, bars.all());
            this.dma = new VfioDmaSpace(identity.uri(), space);
            KernelVectors vectors = new KernelVectors(identity.uri(), device);
            this.interrupts = new EventInterrupts("ppu-vfio-interrupts", vectors, vectors, runtime::interrupted);
            this.resets = resets(space, device);
            this.events = reports();
        } catch (RuntimeException | Error e) {
            runtime.close();
            device.close();
            space.close();
            throw e;
        }
    }

    /** Errors that the function reports, and the kernel's wish to have it back, where they can be signalled. */
    private EventReceiver reports() {
        for (Irq irq : List.of(Irq.ERROR, Irq.REQUEST)) {
            if (device.count(irq) > 0) {
                reported.add(irq);
            }
        }
        EventReceiver receiver = new EventReceiver("ppu-vfio-events", reported.size(), (event, count) -> report(reported.get(event)));
        List<EventDescriptor> descriptors = receiver.events();
        try {
            for (int i = 0; i < reported.size(); i++) {
                device.trigger(reported.get(i), List.of(descriptors.get(i)));
            }
        } catch (RuntimeException e) {
            receiver.close();
            throw e;
        }
        return receiver;
    }

    private void report(Irq irq) {
        String what = irq == Irq.ERROR
                ? "the function reported an uncorrectable error, and the kernel has stopped it"
                : "the kernel wants the function back: it is being removed or unbound";
        lost = what;
        runtime.fail(identity.uri(), new LinkException(what + "; close the link and open it anew"));
    }

    @Override
    public LinkIdentity identity() {
        return identity;
    }

    @Override
    public ConfigSpace config() {
        requireOpen();
        return config;
    }

    @Override
    public List<Bar> bars() {
        return bars.all();
    }

    @Override
    public Mmio bar(int index) {
        requireOpen();
        present.address(index); // it is decoded
        return bars.window(index);
    }

    @Override
    public DmaSpace dma() {
        return dma;
    }

    @Override
    public Interrupts interrupts() {
        requireOpen();
        return interrupts;
    }

    @Override
    public Set<ResetKind> resets() {
        return resets;
    }

    /** A reset of the bus resets all that is on it: it is there only for who has all of that. */
    private static Set<ResetKind> resets(VfioAddressSpace space, VfioDevice device) {
        Set<ResetKind> kinds = EnumSet.noneOf(ResetKind.class);
        if (device.resets()) {
            kinds.add(ResetKind.FUNCTION_LEVEL);
        }
        if (device.hotResetScope().filter(space::owns).isPresent()) {
            kinds.add(ResetKind.SECONDARY_BUS);
        }
        return Collections.unmodifiableSet(kinds);
    }

    /** The function's own is the mildest that the kernel has for it. */
    @Override
    public void reset(ResetKind kind) {
        requireOpen();
        if (!resets.contains(kind)) {
            throw new LinkException("%s has no reset of kind %s; there are %s".formatted(identity.uri(), kind, resets));
        }
        try {
            if (kind == ResetKind.SECONDARY_BUS) {
                device.hotReset(space.owners());
            } else {
                device.reset();
            }
        } catch (PosixException e) {
            throw new LinkException("%s: the kernel could not carry out a reset of kind %s: %s".formatted(identity.uri(), kind,
                    e.getMessage()), e);
        }
    }

    @Override
    public LinkRuntime runtime() {
        return runtime;
    }

    @Override
    public List<Unobservable> unobservable() {
        return HIDDEN;
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new LinkException("the link is closed");
        }
    }

    @Override
    public Optional<String> lost() {
        return Optional.ofNullable(lost);
    }

    /** The device's file is closed before its mappings go: the kernel stops the function, which then writes to none. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        interrupts.close();
        reported.forEach(device::disable);
        events.close();
        runtime.close();
        bars.close();
        device.close();
        space.close();
        dma.close();
    }
}
