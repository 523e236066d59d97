package dev.openppu.model.pcie;

import dev.openppu.hal.pci.PciRegister.Bar;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.model.pcie.FunctionIdentity.BarLayout;
import java.util.List;

/** Which BAR an address belongs to, by what software has programmed. A BAR at address zero counts as not programmed. */
final class BarDecoder {
    static final int NONE = -1;

    private final List<BarLayout> layouts;
    private final long[] bases = new long[Header.BARS];
    private final long[] sizes = new long[Header.BARS];
    private boolean enabled;

    BarDecoder(List<BarLayout> layouts) {
        this.layouts = layouts;
        resetSizes();
    }

    void resetSizes() {
        layouts.forEach(b -> sizes[b.index()] = b.size());
    }

    void resize(int index, long bytes) {
        sizes[index] = bytes;
    }

    long base(int index) {
        return bases[index];
    }

    long size(int index) {
        return sizes[index];
    }

    /**
     * Takes over what software has written.
     *
     * @param on memory decoding is on and the function in D0
     */
    void update(ConfigBytes config, boolean on) {
        enabled = on;
        for (BarLayout bar : layouts) {
            long lower = Integer.toUnsignedLong(config.read(Header.bar(bar.index()), 4) & Bar.ADDRESS_MASK);
            long upper = bar.wide() ? Integer.toUnsignedLong(config.read(Header.bar(bar.index() + 1), 4)) : 0;
            bases[bar.index()] = upper << 32 | lower;
        }
    }

    /** Whether a place in a BAR is decoded, wherever software has put the BAR. */
    boolean decodes(int index, long offset, long bytes) {
        return enabled && offset >= 0 && offset <= sizes[index] - bytes;
    }

    /** The BAR that covers the whole range, or {@link #NONE}. */
    int decode(long address, long bytes) {
        if (enabled) {
            for (int i = 0; i < layouts.size(); i++) {
                int index = layouts.get(i).index();
                long offset = address - bases[index];
                if (bases[index] != 0 && offset >= 0 && offset <= sizes[index] - bytes) {
                    return index;
                }
            }
        }
        return NONE;
    }
}
