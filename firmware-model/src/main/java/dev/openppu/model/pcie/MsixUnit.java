package dev.openppu.model.pcie;

import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.pci.PciRegister.Msix;

/** MSI-X of the function (6.1.4): turns a request into a message, or into a pending bit while its vector or the whole function is masked. */
final class MsixUnit {
    private static final long ENTRY_BYTES = 16;
    private static final long VECTOR_CONTROL = 12;

    private final int vectors;
    private final MsixTableView table;
    private final UpstreamPort upstream;
    private boolean enabled;
    private boolean functionMasked;

    MsixUnit(int vectors, MsixTableView table, UpstreamPort upstream) {
        this.vectors = vectors;
        this.table = table;
        this.upstream = upstream;
    }

    /** Message Control has this value now. */
    void control(int messageControl) {
        enabled = (messageControl & Msix.ENABLE) != 0;
        functionMasked = (messageControl & Msix.FUNCTION_MASK) != 0;
        for (int vector = 0; vector < vectors; vector++) {
            recheck(vector);
        }
    }

    /** The logic asks for an interrupt. Without MSI-X there is none: the function has no INTx and no MSI. */
    void request(int vector) {
        if (vector < 0 || vector >= vectors) {
            throw new IllegalArgumentException("interrupt vector %d of %d".formatted(vector, vectors));
        }
        if (!enabled) {
            return;
        }
        if (mayBeSent(vector)) {
            send(vector);
        } else {
            table.setPending(vector, true);
        }
    }

    /** Masks or bus mastering have changed: what is pending and allowed goes out. */
    void recheck(int vector) {
        if (enabled && mayBeSent(vector) && table.pending(vector)) {
            table.setPending(vector, false);
            send(vector);
        }
    }

    /** Writes Vector Control of an entry, where it is in a BAR. */
    static void unmask(MmioTrap[] bars, FunctionIdentity.Msix place, int vector) {
        bars[place.tableBar()].write(place.tableOffset() + vector * ENTRY_BYTES + VECTOR_CONTROL, Integer.BYTES, 0);
    }

    private boolean mayBeSent(int vector) {
        return upstream.requestsAllowed() && !functionMasked && !table.masked(vector);
    }

    private void send(int vector) {
        upstream.message(vector, table.address(vector), table.data(vector));
    }
}
