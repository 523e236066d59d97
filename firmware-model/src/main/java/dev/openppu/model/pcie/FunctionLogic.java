package dev.openppu.model.pcie;

import dev.openppu.hal.ResetKind;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.model.sim.World;
import java.util.Optional;

/** What is behind the PCIe function: the device itself. Everything here is called under the device's exclusion. */
public interface FunctionLogic {

    FunctionIdentity identity();

    /** Registers or memory behind a BAR; accesses come in PCIe order, aligned, inside the BAR's present size, and only while the function may be accessed. */
    MmioTrap bar(int index);

    MsixTableView msix();

    /** The logic's own state (config space is the function's business). Called with {@code COLD} once before anything else. */
    void reset(ResetKind kind);

    /** The device has sent reads whose completions it still waits for: Device Status bit 5. */
    boolean transactionsPending();

    /** Software has changed the size of a resizable BAR; called again after a reset has put the size back. */
    default void barResized(int index, long bytes) {}

    /** From now on BARs are kept so that they can be mapped from elsewhere; called once at most. Empty if no part of them can be. */
    default Optional<SharedBars> share() {
        return Optional.empty();
    }

    /** What is at this place, for the trace: {@code boot.status}; empty if it has no name. */
    default String describe(int bar, long offset) {
        return "";
    }

    /** Makes the logic of a device; {@code host} may be used once the first {@link #reset} has come. */
    @FunctionalInterface
    interface Factory {
        FunctionLogic create(World world, HostPort host);
    }
}
