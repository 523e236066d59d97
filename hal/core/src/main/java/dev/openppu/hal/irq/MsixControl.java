package dev.openppu.hal.irq;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.MsixTable;
import dev.openppu.hal.pci.PciRegister.Msix;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Does for a function's MSI-X what a kernel does: programs the table in the BAR, enables it in config space, masks. Thread-safe. */
public final class MsixControl implements VectorControl {
    private final ConfigSpace config;
    private final IntFunction<Mmio> bars;
    private final int capability;
    private final Messages messages;
    private final int vectors;
    private volatile @Nullable MsixTable table;

    /** Where a vector's message goes. */
    public interface Messages {
        long address(int vector);

        int data(int vector);

        /** Where they would go on a PC's bus, for those who send them by other means. */
        static Messages unused() {
            return new Messages() {
                @Override
                public long address(int vector) {
                    return 0xFEE0_0000L;
                }

                @Override
                public int data(int vector) {
                    return vector;
                }
            };
        }
    }

    /**
     * @param bars windows onto BARs, by their index
     * @param capability offset of the MSI-X capability, 0 if there is none: then there are no vectors
     * @param messages where they are to go
     */
    public MsixControl(ConfigSpace config, IntFunction<Mmio> bars, int capability, Messages messages) {
        this.config = config;
        this.bars = bars;
        this.capability = capability;
        this.messages = messages;
        this.vectors = capability == 0 ? 0 : (config.read16(capability + Msix.MESSAGE_CONTROL) & Msix.TABLE_SIZE_MASK) + 1;
    }

    /** Entries of the table. */
    @Override
    public int vectors() {
        return vectors;
    }

    /** {@code prepare} runs while all are masked. */
    @Override
    public synchronized void enable(int count, Runnable prepare) {
        if (count < 1 || count > vectors) {
            throw new LinkException("cannot enable %d MSI-X vectors: the device has %d".formatted(count, vectors));
        }
        MsixTable fresh = new MsixTable(window(Msix.TABLE, MsixTable.tableBytes(vectors)),
                window(Msix.PENDING, MsixTable.pendingBytes(vectors)), vectors);
        control(Msix.FUNCTION_MASK | Msix.ENABLE, Msix.FUNCTION_MASK | Msix.ENABLE);
        prepare.run();
        for (int vector = 0; vector < vectors; vector++) {
            fresh.mask(vector, true);
            if (vector < count) {
                fresh.message(vector, messages.address(vector), messages.data(vector));
                fresh.mask(vector, false);
            }
        }
        table = fresh;
        control(Msix.FUNCTION_MASK, 0);
    }

    private Mmio window(int register, int bytes) {
        int place = config.read32(capability + register);
        return bars.apply(place & Msix.BIR_MASK).slice(place & ~Msix.BIR_MASK, bytes);
    }

    @Override
    public synchronized void disable() {
        if (vectors > 0) {
            control(Msix.FUNCTION_MASK | Msix.ENABLE, 0);
        }
        table = null;
    }

    private void control(int mask, int value) {
        int register = capability + Msix.MESSAGE_CONTROL;
        config.write16(register, config.read16(register) & ~mask | value);
    }

    @Override
    public void mask(int vector) {
        MsixTable enabled = enabledTable();
        enabled.mask(vector, true);
        enabled.masked(vector); // the write is posted: reading it back flushes it
    }

    @Override
    public void unmask(int vector) {
        enabledTable().mask(vector, false);
    }

    @Override
    public boolean pending(int vector) {
        return enabledTable().pending(vector);
    }

    private MsixTable enabledTable() {
        MsixTable enabled = table;
        if (enabled == null) {
            throw new LinkException("MSI-X is not enabled");
        }
        return enabled;
    }

    @Override
    public void require(int vector) {
        if (vector < 0 || vector >= vectors) {
            throw new LinkException("MSI-X vector %d: the device has %d".formatted(vector, vectors));
        }
    }
}
