package dev.openppu.driver.fake;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.ConfigSpace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The smallest thing that a driver can be put upon: registers that keep values, plain memory behind BAR2, IOVAs that are never refused. */
public final class FakeDevice implements DeviceLink {
    public static final long MEMORY_BYTES = 64L << 20;
    private static final long PAGE_BYTES = 4096;

    private final ManualRuntime runtime = new ManualRuntime();
    private final FakeRegisters registers = new FakeRegisters();
    private final FakeRegisters doorbells = new FakeRegisters();
    private final byte[] config = new byte[4096];
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment memory = arena.allocate(MEMORY_BYTES, PAGE_BYTES);
    private final List<DmaMapping> mappings = new ArrayList<>();
    private final Dma dma = new Dma();
    private final FakeInterrupts interrupts = new FakeInterrupts();
    private final List<ResetKind> resetsDone = new ArrayList<>();
    private long nextIova = 0x10_0000_0000L;

    public FakeDevice() {
        registers.set(PpuBar0Regs.ID_OFFSET + IdRegs.MAGIC_OFFSET, PpuIds.MAGIC);
    }

    @Override
    public ManualRuntime runtime() {
        return runtime;
    }

    /** BAR0. */
    public FakeRegisters registers() {
        return registers;
    }

    /** BAR4. */
    public FakeRegisters doorbells() {
        return doorbells;
    }

    public MemorySegment memory() {
        return memory;
    }

    public byte[] configBytes() {
        return config;
    }

    public List<DmaMapping> mappings() {
        return mappings;
    }

    public List<ResetKind> resetsDone() {
        return resetsDone;
    }

    /** The mapping that an IOVA is in. */
    public DmaMapping mapping(long iova) {
        return mappings.stream().filter(m -> iova >= m.iova() && iova < m.iova() + m.size()).findFirst().orElseThrow();
    }

    @Override
    public LinkIdentity identity() {
        return new LinkIdentity("fake:device", "0000:01:00.0", "fake", true);
    }

    @Override
    public ConfigSpace config() {
        return new ByteConfig(config);
    }

    @Override
    public List<Bar> bars() {
        return List.of();
    }

    @Override
    public Mmio bar(int index) {
        return switch (index) {
            case PpuIds.BAR_REGISTERS -> new TrappedMmio(registers, 1 << 20);
            case PpuIds.BAR_MEMORY_WINDOW -> new MappedMmio(memory);
            case PpuIds.BAR_DOORBELLS -> new TrappedMmio(doorbells, 1 << 20);
            default -> throw new LinkException("no BAR" + index);
        };
    }

    @Override
    public DmaSpace dma() {
        return dma;
    }

    @Override
    public FakeInterrupts interrupts() {
        return interrupts;
    }

    @Override
    public Set<ResetKind> resets() {
        return Set.of(ResetKind.values());
    }

    @Override
    public void reset(ResetKind kind) {
        resetsDone.add(kind);
    }

    @Override
    public List<Unobservable> unobservable() {
        return List.of();
    }

    @Override
    public void close() {
        // nothing is held
    }

    /** Vectors that a test fires. */
    public static final class FakeInterrupts implements Interrupts {
        private final long[] delivered = new long[65];
        private int enabled;

        public void fire(int vector) {
            delivered[vector]++;
        }

        public int enabled() {
            return enabled;
        }

        @Override
        public int vectors() {
            return delivered.length;
        }

        @Override
        public void enable(int count) {
            enabled = count;
        }

        @Override
        public void disable() {
            enabled = 0;
        }

        @Override
        public long delivered(int vector) {
            return delivered[vector];
        }

        @Override
        public void mask(int vector) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unmask(int vector) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean pending(int vector) {
            return false;
        }
    }

    private record ByteConfig(byte[] bytes) implements ConfigSpace {
        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public int read8(int offset) {
            return bytes[offset] & 0xff;
        }

        @Override
        public int read16(int offset) {
            return read8(offset) | read8(offset + 1) << 8;
        }

        @Override
        public int read32(int offset) {
            return read16(offset) | read16(offset + 2) << 16;
        }

        @Override
        public void write8(int offset, int value) {
            bytes[offset] = (byte) value;
        }

        @Override
        public void write16(int offset, int value) {
            write8(offset, value);
            write8(offset + 1, value >> 8);
        }

        @Override
        public void write32(int offset, int value) {
            write16(offset, value);
            write16(offset + 2, value >> 16);
        }
    }

    private final class Dma implements DmaSpace {
        @Override
        public long pageSize() {
            return PAGE_BYTES;
        }

        @Override
        public List<IovaRange> ranges() {
            return List.of(new IovaRange(0, Long.MAX_VALUE));
        }

        @Override
        public DmaMapping allocate(long bytes, DmaAccess access) {
            long size = (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
            Arena own = Arena.ofShared();
            Mapping mapping = new Mapping(nextIova, size, access, own.allocate(size, PAGE_BYTES), own);
            nextIova += size + PAGE_BYTES;
            mappings.add(mapping);
            return mapping;
        }

        @Override
        public DmaMapping map(MemorySegment segment, DmaAccess access) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DmaMapping map(MemorySegment segment, long iova, DmaAccess access) {
            throw new UnsupportedOperationException();
        }
    }

    private final class Mapping implements DmaMapping {
        private final long iova;
        private final long size;
        private final DmaAccess access;
        private final MemorySegment segment;
        private final Arena own;

        Mapping(long iova, long size, DmaAccess access, MemorySegment segment, Arena own) {
            this.iova = iova;
            this.size = size;
            this.access = access;
            this.segment = segment;
            this.own = own;
        }

        @Override
        public long iova() {
            return iova;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public DmaAccess access() {
            return access;
        }

        @Override
        public MemorySegment memory() {
            return segment;
        }

        @Override
        public void close() {
            if (mappings.remove(this)) {
                own.close();
            }
        }
    }
}
