package dev.openppu.harness.bringup;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.TestPoints;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.ConfigSpace;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A link that hands everything on; a test overrides the one thing that is to be wrong. */
public class DefectiveLink implements DeviceLink {
    private final DeviceLink sound;

    public DefectiveLink(DeviceLink sound) {
        this.sound = sound;
    }

    @Override
    public LinkIdentity identity() {
        return sound.identity();
    }

    @Override
    public ConfigSpace config() {
        return sound.config();
    }

    @Override
    public List<Bar> bars() {
        return sound.bars();
    }

    @Override
    public Mmio bar(int index) {
        return sound.bar(index);
    }

    @Override
    public DmaSpace dma() {
        return sound.dma();
    }

    @Override
    public Interrupts interrupts() {
        return sound.interrupts();
    }

    @Override
    public Set<ResetKind> resets() {
        return sound.resets();
    }

    @Override
    public void reset(ResetKind kind) {
        sound.reset(kind);
    }

    @Override
    public LinkRuntime runtime() {
        return sound.runtime();
    }

    @Override
    public List<Unobservable> unobservable() {
        return sound.unobservable();
    }

    @Override
    public Optional<String> lost() {
        return sound.lost();
    }

    @Override
    public Optional<TestPoints> testPoints() {
        return sound.testPoints();
    }

    @Override
    public void close() {
        sound.close();
    }

    /** A link that is sound but for its DMA space. */
    static DeviceLink withDma(DeviceLink link, DmaSpace dma) {
        return new DefectiveLink(link) {
            @Override
            public DmaSpace dma() {
                return dma;
            }
        };
    }

    /** A window whose accesses pass through {@code trap}. */
    public static Mmio through(Mmio window, Trap trap) {
        trap.window = window;
        return new TrappedMmio(trap, window.size());
    }

    /** Hands every access on. */
    public static class Trap implements MmioTrap {
        private Mmio window;

        @Override
        public long read(long offset, int bytes) {
            return switch (bytes) {
                case 1 -> window.read8(offset) & 0xffL;
                case 2 -> window.read16(offset) & 0xffffL;
                case 4 -> window.read32(offset) & 0xffff_ffffL;
                default -> window.read64(offset);
            };
        }

        @Override
        public void write(long offset, int bytes, long value) {
            switch (bytes) {
                case 1 -> window.write8(offset, (byte) value);
                case 2 -> window.write16(offset, (short) value);
                case 4 -> window.write32(offset, (int) value);
                default -> window.write64(offset, value);
            }
        }

        @Override
        public void readBytes(long offset, MemorySegment destination) {
            window.readBytes(offset, destination);
        }

        @Override
        public void writeBytes(long offset, MemorySegment source) {
            window.writeBytes(offset, source);
        }
    }

    /** Hands every mapping on. */
    public static class Dma implements DmaSpace {
        private final DmaSpace sound;

        public Dma(DmaSpace sound) {
            this.sound = sound;
        }

        @Override
        public long pageSize() {
            return sound.pageSize();
        }

        @Override
        public List<IovaRange> ranges() {
            return sound.ranges();
        }

        @Override
        public DmaMapping allocate(long bytes, DmaAccess access) {
            return sound.allocate(bytes, access);
        }

        @Override
        public DmaMapping map(MemorySegment memory, DmaAccess access) {
            return sound.map(memory, access);
        }

        @Override
        public DmaMapping map(MemorySegment memory, long iova, DmaAccess access) {
            return sound.map(memory, iova, access);
        }
    }

    /** A mapping that shows other memory than the device reaches. */
    public static class Shown implements DmaMapping {
        private final DmaMapping sound;
        private final MemorySegment memory;

        public Shown(DmaMapping sound, MemorySegment memory) {
            this.sound = sound;
            this.memory = memory;
        }

        @Override
        public long iova() {
            return sound.iova();
        }

        @Override
        public long size() {
            return memory.byteSize();
        }

        @Override
        public DmaAccess access() {
            return sound.access();
        }

        @Override
        public MemorySegment memory() {
            return memory;
        }

        @Override
        public void close() {
            sound.close();
        }
    }

    /** Hands every call on. */
    public static class Irq implements Interrupts {
        private final Interrupts sound;

        public Irq(Interrupts sound) {
            this.sound = sound;
        }

        @Override
        public int vectors() {
            return sound.vectors();
        }

        @Override
        public void enable(int count) {
            sound.enable(count);
        }

        @Override
        public void disable() {
            sound.disable();
        }

        @Override
        public long delivered(int vector) {
            return sound.delivered(vector);
        }

        @Override
        public void mask(int vector) {
            sound.mask(vector);
        }

        @Override
        public void unmask(int vector) {
            sound.unmask(vector);
        }

        @Override
        public boolean pending(int vector) {
            return sound.pending(vector);
        }
    }
}
