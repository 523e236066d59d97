package dev.openppu.model.link;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.MsixTable;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.model.pcie.InterruptController;
import dev.openppu.model.pcie.PcieFunction;
import dev.openppu.model.sim.World;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Does what a kernel does for MSI-X: programs the table in the BAR, enables it in config space; messages end in the model's interrupt controller. */
final class ModelInterrupts implements Interrupts {
    private final World world;
    private final PcieFunction function;
    private final ConfigSpace config;
    private final IntFunction<Mmio> bars;
    private final InterruptController controller;
    private final int capability;
    private final int vectors;
    private volatile @Nullable MsixTable table;

    ModelInterrupts(World world, PcieFunction function, ConfigSpace config, IntFunction<Mmio> bars, InterruptController controller,
            int capability) {
        this.world = world;
        this.function = function;
        this.config = config;
        this.bars = bars;
        this.controller = controller;
        this.capability = capability;
        this.vectors = (config.read16(capability + Msix.MESSAGE_CONTROL) & Msix.TABLE_SIZE_MASK) + 1;
    }

    @Override
    public int vectors() {
        return vectors;
    }

    @Override
    public synchronized void enable(int count) {
        if (count < 1 || count > vectors) {
            throw new LinkException("cannot enable %d MSI-X vectors: the device has %d".formatted(count, vectors));
        }
        MsixTable fresh = new MsixTable(window(Msix.TABLE, MsixTable.tableBytes(vectors)),
                window(Msix.PENDING, MsixTable.pendingBytes(vectors)), vectors);
        control(Msix.FUNCTION_MASK | Msix.ENABLE, Msix.FUNCTION_MASK | Msix.ENABLE);
        world.exclusively(() -> {
            function.flushUpstream();
            controller.enable(count);
        });
        for (int vector = 0; vector < vectors; vector++) {
            fresh.mask(vector, true);
            if (vector < count) {
                fresh.message(vector, controller.messageAddress(vector), controller.messageData(vector));
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
        control(Msix.FUNCTION_MASK | Msix.ENABLE, 0);
        world.exclusively(controller::disable);
        table = null;
    }

    private void control(int mask, int value) {
        int register = capability + Msix.MESSAGE_CONTROL;
        config.write16(register, config.read16(register) & ~mask | value);
    }

    @Override
    public long delivered(int vector) {
        check(vector);
        return controller.delivered(vector);
    }

    @Override
    public void mask(int vector) {
        check(vector);
        enabledTable().mask(vector, true);
        // the write is posted: read it back, so that no message is sent after this call returns
        enabledTable().masked(vector);
    }

    @Override
    public void unmask(int vector) {
        check(vector);
        enabledTable().mask(vector, false);
    }

    @Override
    public boolean pending(int vector) {
        check(vector);
        return enabledTable().pending(vector);
    }

    private MsixTable enabledTable() {
        MsixTable t = table;
        if (t == null) {
            throw new LinkException("MSI-X is not enabled");
        }
        return t;
    }

    private void check(int vector) {
        if (vector < 0 || vector >= vectors) {
            throw new LinkException("MSI-X vector %d: the device has %d".formatted(vector, vectors));
        }
    }
}
