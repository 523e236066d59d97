package dev.openppu.harness.bench;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.BootRegs;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.ImageSource;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.PpuBar4Regs;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.owner.BootOutcome;
import dev.openppu.driver.owner.BringUp;
import dev.openppu.driver.owner.Probe;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.timeline.TimelineRecorder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The device under test with what cases need of it, made when first asked for: bare, with firmware, or brought up by the driver.
 *
 * <p>For the one thread that runs the suite.
 */
public final class Bench implements AutoCloseable {
    /** Page tables and buffers of cases lie above what a driver would take first. */
    private static final long AREA_BEGIN = 1L << 30;

    private final DeviceLink link;
    private final TimelineRecorder timeline;
    private final Function function;
    private final DeviceArea area = new DeviceArea(AREA_BEGIN);
    private final Map<Integer, Mmio> windows = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private Consumer<String> noteListener = note -> {};
    private boolean interruptsEnabled;
    private boolean distrusted;
    private boolean probed;
    private int nextContext;
    private int nextQueue;
    private @Nullable Ppu ppu;

    /** @param link stays the caller's */
    public Bench(DeviceLink link, TimelineRecorder timeline) {
        this.link = link;
        this.timeline = timeline;
        this.function = new Function(link, this::disableInterrupts);
    }

    public DeviceLink link() {
        return link;
    }

    public TimelineRecorder timeline() {
        return timeline;
    }

    /** The PCI function, without a driver. */
    public Function function() {
        return function;
    }

    /** The registers of BAR0, through the generated accessors; no BAR of a device that is no PPU is touched. */
    public PpuBar0Regs registers() {
        demandPpu();
        return new PpuBar0Regs(mmio(PpuIds.BAR_REGISTERS));
    }

    /** Accesses that the device must refuse. */
    public ForbiddenAccess forbidden() {
        return new ForbiddenAccess(registers());
    }

    /** Doorbells, MSI-X table and pending bits of BAR4. */
    public PpuBar4Regs doorbells() {
        return new PpuBar4Regs(mmio(PpuIds.BAR_DOORBELLS));
    }

    /** The MSI-X table and pending bits, by accesses that software does not make. */
    public VectorTable vectorTable() {
        return new VectorTable(doorbells());
    }

    /** The window of BAR0 or BAR4, the same for the whole run: a reset leaves it where it was once the BARs are restored. */
    public Mmio mmio(int bar) {
        return windows.computeIfAbsent(bar, opened -> {
            function.enable(); // a suite may begin with any case
            return link.bar(opened);
        });
    }

    private void demandPpu() {
        if (!probed) {
            Probe.of(link);
            probed = true;
        }
    }

    /** The device without a driver; whatever runs on it goes on. */
    public BareDevice bare() {
        closePpu();
        demandPpu();
        mmio(PpuIds.BAR_REGISTERS);
        return new BareDevice(link);
    }

    /** The device with its firmware running and without a driver. */
    public BareDevice booted() {
        BareDevice device = bare();
        if (!distrusted && device.boot().state() == BootState.RUNNING) {
            return device;
        }
        requireKeys();
        function.resetMildly();
        return boot();
    }

    /** Boots the device from the state that a reset has left it in. */
    public BareDevice boot() {
        requireKeys();
        BareDevice device = bare();
        distrusted = false;
        BootOutcome outcome = device.boot().boot(BringUp.shippedFirmware(), ImageSource.DEVICE_MEMORY);
        if (!(outcome instanceof BootOutcome.Running)) {
            throw new CheckFailedException("the shipped firmware runs", outcome.toString());
        }
        area.clear();
        return device;
    }

    /** Whether firmware can run: no image is accepted by a ROM that is ready and trusts no key. One that is not ready yet has not told. */
    public boolean trustsKeys() {
        BootRegs boot = registers().boot();
        return BootRegs.Status.state(boot.readStatus()) != BootState.ROM_READY.value() || boot.readKeys() != 0;
    }

    /**
     * Of a device on which no firmware can run nothing beyond its ROM can be judged.
     *
     * @throws SkippedException unless it {@link #trustsKeys}
     */
    public void requireKeys() {
        if (!trustsKeys()) {
            throw new SkippedException("boot.keys says that the ROM trusts no key: the device runs no firmware");
        }
    }

    /** An address space, memory and queues made by hand on a booted device. */
    public Workshop workshop() {
        return workshop(booted());
    }

    /** The same on a device whose firmware the case has just booted itself. */
    public Workshop workshop(BareDevice device) {
        int contexts = IdRegs.MmuCounts.contexts(registers().id().readMmuCounts());
        RawSpace space = new RawSpace(device, function, nextContext++ % contexts, area);
        return new Workshop(this, device, space);
    }

    /** The number of the next hardware queue; cases use them all in turn. */
    int takeQueue() {
        return nextQueue++ % IdRegs.Counts.queues(registers().id().readCounts());
    }

    /** Every vector enabled and delivered to the link, without a driver. */
    public Interrupts enabledInterrupts() {
        if (!interruptsEnabled) {
            function.enable(); // a suite may begin with any case
            link.interrupts().enable(link.interrupts().vectors());
            interruptsEnabled = true;
        }
        return link.interrupts();
    }

    public void disableInterrupts() {
        if (interruptsEnabled) {
            link.interrupts().disable();
            interruptsEnabled = false;
        }
    }

    /** The device as the driver brings it up; opened again after it was closed. */
    public Ppu ppu() {
        Ppu open = ppu;
        if (open == null) {
            requireKeys();
            disableInterrupts();
            open = Ppu.open(link, PpuOptions.builder().listener(new DriverStages(timeline, this::note)).build());
            ppu = open;
            distrusted = true; // what a driver leaves behind is not a booted device for workshops
        }
        return open;
    }

    /** Closes the driver, if it is open. */
    public void closePpu() {
        Ppu open = ppu;
        ppu = null;
        if (open != null) {
            open.close();
            function.enable(); // the driver takes the function off the bus
        }
    }

    /** Something worth telling about the case under way. */
    public void note(String text) {
        notes.add(text);
        noteListener.accept(text);
    }

    /** Where notes go while they are made. */
    public void noteTo(Consumer<String> listener) {
        noteListener = listener;
    }

    /** The notes since the last call. */
    public List<String> takeNotes() {
        List<String> taken = List.copyOf(notes);
        notes.clear();
        return taken;
    }

    /** A case ended in a way that says nothing about the state it left: the next one starts from a reset. */
    public void distrust() {
        distrusted = true;
    }

    @Override
    public void close() {
        try {
            closePpu();
        } finally {
            disableInterrupts();
        }
    }
}
