package dev.openppu.hal.record;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.LinkUri;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.RegionConfigSpace;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Any link, recorded: options {@code record=FILE} and {@code record-dma=whole|hash} of its URI. Every access to a BAR is a call here, mapped or not, so that none is missed; what the device does
 * to host memory is recorded as it happens where the link can tell, else as it is found when host software could see it.
 */
public final class RecordingLink implements DeviceLink {
    /** Words of the command that runs, for the recordings of links that this thread opens. */
    public static final ScopedValue<List<String>> COMMAND = ScopedValue.newInstance();
    /** Hears once, on any thread, of each recording that ends before its device does (disk full), for the recordings of links that this thread opens; without one it is logged as a warning. */
    public static final ScopedValue<Consumer<RecordingException>> BROKEN = ScopedValue.newInstance();
    private static final System.Logger LOG = System.getLogger(RecordingLink.class.getName());
    private static final String FILE = "record";
    private static final String DMA = "record-dma";

    private final DeviceLink device;
    private final Recorder recorder;
    private final AccessOrder order;
    private final ConfigSpace config;
    private final DmaSpace dma;
    private final Interrupts interrupts;
    private final LinkRuntime runtime;
    private boolean closed;

    private RecordingLink(DeviceLink device, RecordingWriter writer, boolean whole, List<String> command) {
        this.device = device;
        this.recorder = new Recorder(writer, device.runtime(), device.interrupts(), whole);
        this.order = new AccessOrder(device.runtime().simulated());
        boolean observed = device.dma().observe(recorder);
        if (observed) {
            recorder.observes();
        }
        this.config = new RegionConfigSpace(new RecordingConfigRegion(recorder, order, device.config()), device.config().size());
        this.dma = new RecordingDmaSpace(recorder, device.dma());
        this.interrupts = new RecordingInterrupts(recorder, device.interrupts());
        this.runtime = new RecordingRuntime(recorder, device.runtime());
        writer.begin(new RecordingInfo(device.identity(), command, device.runtime().simulated(), whole, observed,
                device.runtime().timestamp(), config.size(), interrupts.vectors(), dma.pageSize(), dma.ranges(),
                device.resets(), device.unobservable()));
    }

    /** Whether the link is to be recorded. */
    public static boolean wanted(LinkUri uri) {
        return uri.option(FILE).isPresent();
    }

    /**
     * @param open opens what is recorded
     * @throws LinkException if the file cannot be written, or an option is unknown
     */
    public static DeviceLink open(LinkUri uri, Function<LinkUri, DeviceLink> open) {
        Map<String, String> options = new LinkedHashMap<>(uri.options());
        String file = String.valueOf(options.remove(FILE));
        String content = String.valueOf(options.getOrDefault(DMA, "whole"));
        options.remove(DMA);
        if (!content.equals("whole") && !content.equals("hash")) {
            throw new LinkException("link '%s': %s=%s; there are whole and hash".formatted(uri, DMA, content));
        }
        if (uri.scheme().equals("replay")
                && Path.of(uri.target()).toAbsolutePath().normalize().equals(Path.of(file).toAbsolutePath().normalize())) {
            throw new LinkException(
                    "link '%s': %s is the recording that is played, and is not written over: name another file".formatted(uri,
                            file));
        }
        DeviceLink device = open.apply(new LinkUri(uri.scheme(), uri.target(), options));
        try {
            return new RecordingLink(device, new RecordingWriter(Path.of(file), BROKEN.orElse(RecordingLink::log)), content.equals("whole"),
                    COMMAND.orElse(List.of()));
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
    }

    private static void log(RecordingException broken) {
        LOG.log(System.Logger.Level.WARNING, broken.getMessage(), broken);
    }

    /** What is recorded: what is done to it directly is not. */
    public DeviceLink recorded() {
        return device;
    }

    @Override
    public LinkIdentity identity() {
        return device.identity();
    }

    @Override
    public ConfigSpace config() {
        return config;
    }

    @Override
    public List<Bar> bars() {
        recorder.look();
        try {
            List<Bar> bars = device.bars();
            recorder.call(Kind.BARS, 0, 0, 0, 0, MemorySegment.ofArray(BarList.encode(bars)));
            return bars;
        } catch (RuntimeException e) {
            recorder.failed(Kind.BARS, e);
            throw e;
        }
    }

    @Override
    public Mmio bar(int index) {
        recorder.look();
        try {
            Mmio bar = device.bar(index);
            recorder.call(Kind.BAR, index, 0, bar.size(), 0);
            return new TrappedMmio(new RecordingTrap(recorder, order, index, bar), bar.size());
        } catch (RuntimeException e) {
            recorder.failed(Kind.BAR, e);
            throw e;
        }
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
        return device.resets();
    }

    @Override
    public void reset(ResetKind kind) {
        recorder.look();
        try {
            device.reset(kind);
            recorder.call(Kind.RESET, kind.ordinal(), 0, 0, 0);
        } catch (RuntimeException e) {
            recorder.failed(Kind.RESET, e);
            throw e;
        }
    }

    @Override
    public LinkRuntime runtime() {
        return runtime;
    }

    @Override
    public List<Unobservable> unobservable() {
        return device.unobservable();
    }

    @Override
    public Optional<String> lost() {
        return device.lost();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        recorder.end();
        try {
            device.close();
        } finally {
            recorder.close();
        }
    }
}
