package dev.openppu.hal.pci;

import dev.openppu.hal.DeviceLink.Bar;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A function's BARs as config space shows them now: their sizes, their addresses, and whether they are decoded. Thread-safe. */
public final class PresentBars {
    private final String name;
    private final ConfigSpace config;
    private final List<Bar> afterReset;
    private final Optional<Capability> resizable;

    /**
     * @param name of the link, for messages
     * @param afterReset the BARs as they are after a reset
     */
    public PresentBars(String name, ConfigSpace config, List<Bar> afterReset) {
        this.name = name;
        this.config = config;
        this.afterReset = List.copyOf(afterReset);
        this.resizable = Capabilities.findExtended(config, ResizableBar.ID);
    }

    public List<Bar> all() {
        List<Bar> bars = new ArrayList<>();
        for (Bar bar : afterReset) {
            bars.add(new Bar(bar.index(), size(bar), bar.wide(), bar.prefetchable(), bar.ports()));
        }
        return List.copyOf(bars);
    }

    /** From the resizable BAR capability, because sizing again would disturb whoever uses the BAR. */
    private long size(Bar bar) {
        int first = resizable.map(Capability::offset).orElse(0);
        int count = first == 0 ? 0 : (config.read32(first + ResizableBar.CONTROL) & ResizableBar.COUNT_MASK) >>> ResizableBar.COUNT_SHIFT;
        for (int i = 0; i < count; i++) {
            int control = config.read32(first + i * ResizableBar.STRIDE + ResizableBar.CONTROL);
            if (control != -1 && (control & ResizableBar.INDEX_MASK) == bar.index()) {
                return ResizableBar.bytes((control & ResizableBar.SIZE_MASK) >>> ResizableBar.SIZE_SHIFT);
            }
        }
        return bar.size();
    }

    /**
     * A BAR with its present size.
     *
     * @throws LinkException if there is no such BAR
     */
    public Bar require(int index) {
        Bar bar = afterReset.stream().filter(b -> b.index() == index).findFirst().orElseThrow(() -> new LinkException(
                "%s has no BAR%d; there are %s".formatted(name, index, afterReset.stream().map(b -> "BAR" + b.index()).toList())));
        return new Bar(bar.index(), size(bar), bar.wide(), bar.prefetchable(), bar.ports());
    }

    /**
     * The bus address at which a BAR is decoded.
     *
     * @throws LinkException if there is no such BAR, its decoding is off, or it has no address
     */
    public long address(int index) {
        Bar bar = require(index);
        int command = config.read16(Header.COMMAND);
        if (command == 0xffff) {
            throw new LinkException("%s: the function does not answer; wait until it is ready after a reset".formatted(name));
        }
        if ((command & (bar.ports() ? Command.IO_SPACE_ENABLE : Command.MEMORY_SPACE_ENABLE)) == 0) {
            throw new LinkException(
                    "%s: %s decoding is off; set %s Space Enable in the command register before using BAR%d".formatted(name,
                            bar.ports() ? "I/O" : "memory", bar.ports() ? "I/O" : "Memory", index));
        }
        long address = Integer.toUnsignedLong(config.read32(Header.bar(index))
                & (bar.ports() ? PciRegister.Bar.IO_ADDRESS_MASK : PciRegister.Bar.ADDRESS_MASK));
        if (bar.wide()) {
            address |= (long) config.read32(Header.bar(index + 1)) << 32;
        }
        if (address == 0) {
            throw new LinkException("%s: BAR%d has no address; restore it after a reset".formatted(name, index));
        }
        return address;
    }
}
