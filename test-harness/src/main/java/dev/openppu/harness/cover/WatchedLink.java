package dev.openppu.harness.cover;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.TestPoints;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.SizedAccess;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.ConfigSpace;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A link whose single accesses to BARs are told as they pass, with what else {@link LinkWatch} wants to know; everything else is the link's own. A watched BAR traps, also one that is memory elsewhere: no access is
 * missed but those of bursts. Closing it closes the link.
 */
public final class WatchedLink implements DeviceLink {
    private final DeviceLink link;
    private final Map<Integer, AccessWatch> bars;
    private final DmaSpace dma;
    private final Consumer<ResetKind> onReset;

    /** @param bar whose accesses are noted */
    public WatchedLink(DeviceLink link, int bar, TouchedRegisters touched) {
        this(link, Map.of(bar, touched), link.dma(), kind -> {});
    }

    /**
     * @param bars who is told, by BAR
     * @param dma the link's, or what stands before it
     * @param onReset is told of resets before they are made
     */
    WatchedLink(DeviceLink link, Map<Integer, AccessWatch> bars, DmaSpace dma, Consumer<ResetKind> onReset) {
        this.link = link;
        this.bars = Map.copyOf(bars);
        this.dma = dma;
        this.onReset = onReset;
    }

    @Override
    public Mmio bar(int index) {
        Mmio mmio = link.bar(index);
        AccessWatch watch = bars.get(index);
        return watch == null ? mmio : new TrappedMmio(new Watched(mmio, watch), mmio.size());
    }

    private record Watched(Mmio mmio, AccessWatch watch) implements MmioTrap {
        @Override
        public long read(long offset, int bytes) {
            long value = SizedAccess.read(mmio, offset, bytes);
            watch.read(offset, bytes, value);
            return value;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            watch.written(offset, bytes, value);
            SizedAccess.write(mmio, offset, bytes, value);
        }

        @Override
        public void readBytes(long offset, MemorySegment destination) {
            mmio.readBytes(offset, destination);
        }

        @Override
        public void writeBytes(long offset, MemorySegment source) {
            mmio.writeBytes(offset, source);
        }
    }

    @Override
    public LinkIdentity identity() {
        return link.identity();
    }

    @Override
    public ConfigSpace config() {
        return link.config();
    }

    @Override
    public List<Bar> bars() {
        return link.bars();
    }

    @Override
    public DmaSpace dma() {
        return dma;
    }

    @Override
    public Interrupts interrupts() {
        return link.interrupts();
    }

    @Override
    public Set<ResetKind> resets() {
        return link.resets();
    }

    @Override
    public void reset(ResetKind kind) {
        onReset.accept(kind);
        link.reset(kind);
    }

    @Override
    public LinkRuntime runtime() {
        return link.runtime();
    }

    @Override
    public List<Unobservable> unobservable() {
        return link.unobservable();
    }

    @Override
    public Optional<String> lost() {
        return link.lost();
    }

    @Override
    public Optional<TestPoints> testPoints() {
        return link.testPoints();
    }

    @Override
    public void close() {
        link.close();
    }
}
