package dev.openppu.harness.cover;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
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
import java.util.Optional;
import java.util.Set;

/** A link whose register accesses are noted as they pass; everything else is the link's own. Closing it closes the link. */
public final class WatchedLink implements DeviceLink {
    private final DeviceLink link;
    private final int bar;
    private final TouchedRegisters touched;

    /** @param bar whose accesses are noted */
    public WatchedLink(DeviceLink link, int bar, TouchedRegisters touched) {
        this.link = link;
        this.bar = bar;
        this.touched = touched;
    }

    @Override
    public Mmio bar(int index) {
        Mmio mmio = link.bar(index);
        return index == bar ? new TrappedMmio(new Watched(mmio), mmio.size()) : mmio;
    }

    private final class Watched implements MmioTrap {
        private final Mmio mmio;

        Watched(Mmio mmio) {
            this.mmio = mmio;
        }

        @Override
        public long read(long offset, int bytes) {
            long value = SizedAccess.read(mmio, offset, bytes);
            boolean unanswered = value == -1L >>> 64 - 8 * bytes; // or really all ones: nobody can tell
            touched.read(offset, unanswered ? 0 : value << 8 * (offset & 3));
            return value;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            touched.written(offset, value << 8 * (offset & 3));
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
        return link.dma();
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
    public void close() {
        link.close();
    }
}
