package dev.openppu.hal.pci;

import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Does what a host's firmware and kernel do to a new function: waits until it answers, sizes its BARs and gives them addresses. Decoding stays off. */
public final class Enumerator {
    private static final long LONGEST_WAIT_NANOS = 1_000_000_000;
    private static final long POLL_NANOS = 100_000;
    private static final long FIRST_BELOW_4G = 0x8000_0000L;
    private static final long LAST_BELOW_4G = 0xFEC0_0000L;
    private static final long FIRST_ABOVE_4G = 0x40_0000_0000L;
    private static final long FIRST_PORT = 0x1000;

    private final ConfigSpace config;
    private final LinkRuntime runtime;
    private long nextBelow4G = FIRST_BELOW_4G;
    private long nextAbove4G = FIRST_ABOVE_4G;
    private long nextPort = FIRST_PORT;

    public Enumerator(ConfigSpace config, LinkRuntime runtime) {
        this.config = config;
        this.runtime = runtime;
    }

    /** The BARs as they are after a reset. */
    public List<Bar> run() {
        return run(BarSizing::probe);
    }

    /** @param sizing how BARs and their sizes are found */
    public List<Bar> run(Function<ConfigSpace, List<Bar>> sizing) {
        awaitReady();
        Map<Integer, Long> room = new HashMap<>();
        Capabilities.findExtended(config, ResizableBar.ID).ifPresent(c -> roomForResizing(c.offset(), room));
        List<Bar> bars = sizing.apply(config);
        bars.forEach(bar -> assign(bar, Math.max(bar.size(), room.getOrDefault(bar.index(), 0L))));
        return bars;
    }

    private void awaitReady() {
        long deadline = runtime.deadline(LONGEST_WAIT_NANOS);
        while (config.read32(Header.VENDOR_ID) == -1) {
            if (runtime.nanos() > deadline) {
                throw new LinkException("the function did not answer config reads within 1 s of power-on");
            }
            runtime.sleep(POLL_NANOS);
        }
    }

    /** A resizable BAR gets room for its largest size, so that it can grow where it is. */
    private void roomForResizing(int capability, Map<Integer, Long> room) {
        int count = (config.read32(capability + ResizableBar.CONTROL) & ResizableBar.COUNT_MASK) >>> ResizableBar.COUNT_SHIFT;
        for (int i = 0; i < count; i++) {
            int pair = capability + i * ResizableBar.STRIDE;
            int sizes = config.read32(pair + ResizableBar.CAPABILITY) >>> ResizableBar.SIZES_SHIFT;
            int index = config.read32(pair + ResizableBar.CONTROL) & ResizableBar.INDEX_MASK;
            if (sizes != 0) {
                room.put(index, ResizableBar.bytes(Integer.SIZE - 1 - Integer.numberOfLeadingZeros(sizes)));
            }
        }
    }

    private void assign(Bar bar, long room) {
        long address;
        if (bar.ports()) {
            address = align(nextPort, room);
            nextPort = address + room;
        } else if (bar.wide()) {
            address = align(nextAbove4G, room);
            nextAbove4G = address + room;
            config.write32(Header.bar(bar.index() + 1), (int) (address >>> 32));
        } else {
            address = align(nextBelow4G, room);
            nextBelow4G = address + room;
            if (nextBelow4G > LAST_BELOW_4G) {
                throw new LinkException("BAR%d (%d bytes) does not fit below 4 GiB".formatted(bar.index(), bar.size()));
            }
        }
        config.write32(Header.bar(bar.index()), (int) address);
    }

    /** A size that is no power of two, which hardware cannot have, is rounded up to one. */
    private static long align(long address, long size) {
        long unit = Long.highestOneBit(size * 2 - 1);
        return (address + unit - 1) & -unit;
    }
}
