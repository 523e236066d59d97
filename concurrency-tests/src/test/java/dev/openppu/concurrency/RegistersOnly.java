package dev.openppu.concurrency;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.Unobservable;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.ConfigSpace;
import java.util.List;
import java.util.Set;

/** A device that counts the writes to its registers, and has nothing else. */
public final class RegistersOnly implements DeviceLink {
    private static final LinkIdentity IDENTITY = new LinkIdentity("test:", "0000:00:00.0", "registers only", true);
    private static final LinkRuntime RUNTIME = new SpinningRuntime();
    private final Mmio registers = new TrappedMmio(new Count(), 1 << 20);
    private volatile int writes;

    private final class Count implements MmioTrap {
        @Override
        public long read(long offset, int bytes) {
            return 0;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        public void write(long offset, int bytes, long value) {
            writes++;
        }
    }

    /** How many there were. */
    public int writes() {
        return writes;
    }

    @Override
    public LinkIdentity identity() {
        return IDENTITY;
    }

    @Override
    public ConfigSpace config() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Bar> bars() {
        return List.of();
    }

    @Override
    public Mmio bar(int index) {
        return registers;
    }

    @Override
    public DmaSpace dma() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Interrupts interrupts() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<ResetKind> resets() {
        return Set.of();
    }

    @Override
    public void reset(ResetKind kind) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LinkRuntime runtime() {
        return RUNTIME;
    }

    @Override
    public List<Unobservable> unobservable() {
        return List.of();
    }

    @Override
    public void close() {
        // nothing is held
    }
}
