package dev.openppu.harness.pci;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.PpuBar0Regs;
import dev.openppu.abi.reg.PpuBar4Regs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Observable;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Bar;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.pci.ConfigMap.Structure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Base address registers: every bit of each, each size that one may take, and what answers where once they are moved. */
final class BarCases {
    /** Where no other BAR is, on links whose bus is empty but for the function. */
    private static final long FAR_BELOW_4G = 0x1000_0000L;
    private static final long FAR_ABOVE_4G = 1L << 44;
    private static final int ALL_ONES = -1;

    private BarCases() {}

    static List<Case> cases() {
        return List.of(
                Case.of("pci.bar.bits", "Every bit of every BAR",
                        Rule.pcie("7.5.1.2.1",
                                "Address bits of at least the BAR's size take what is written; those below and the type bits never change"),
                        BarCases::bits).needing(Observable.RAW_CONFIG_SPACE),
                Case.of("pci.bar.absent", "BARs that there are not",
                        Rule.pcie("7.5.1.2.1", "An unused BAR register is hardwired to 0"), BarCases::absent)
                        .needing(Observable.RAW_CONFIG_SPACE),
                Case.of("pci.bar.resize", "Every size on offer",
                        Rule.pcie("7.8.6.3", "A BAR takes each size on offer: its control says so, and sizing finds it"), BarCases::resize)
                        .needing(Observable.RAW_CONFIG_SPACE),
                Case.of("pci.bar.moves", "BARs moved to another address",
                        Rule.pcie("7.5.1.2.1",
                                "A BAR answers at the address that it was given and nowhere else, and moving it changes nothing in it"),
                        BarCases::moves).needing(Observable.RAW_CONFIG_SPACE, Observable.BUS_ADDRESSES));
    }

    /** What the BARs' registers hold, in order. */
    static int[] registers(ConfigSpace config) {
        return IntStream.range(0, Header.BARS).map(index -> config.read32(Header.bar(index))).toArray();
    }

    private static void bits(Bench bench) {
        ConfigSpace config = bench.link().config();
        List<DeviceLink.Bar> bars = bench.link().bars();
        bench.function().decoding(false);
        try {
            for (DeviceLink.Bar bar : bars) {
                int kind = (bar.wide() ? Bar.TYPE_64_BIT : 0) | (bar.prefetchable() ? Bar.PREFETCHABLE : 0);
                bash(config, bar.index(), (int) -bar.size() & Bar.ADDRESS_MASK, kind);
                if (bar.wide()) {
                    bash(config, bar.index() + 1, (int) (-bar.size() >>> Integer.SIZE), 0);
                }
            }
        } finally {
            bench.function().restore();
        }
        Check.hex("id.magic with the BARs as they were", PpuIds.MAGIC, bench.registers().id().readMagic());
    }

    private static void bash(ConfigSpace config, int index, int address, int kind) {
        List<Integer> patterns = new ArrayList<>(List.of(0, ALL_ONES, 0xA5A5_A5A5, 0x5A5A_5A5A));
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            patterns.add(1 << bit);
        }
        for (int pattern : patterns) {
            config.write32(Header.bar(index), pattern);
            Check.hex("BAR%d's register after 0x%x".formatted(index, pattern), pattern & address | kind, config.read32(Header.bar(index)));
        }
    }

    private static void absent(Bench bench) {
        ConfigSpace config = bench.link().config();
        BitSet used = new BitSet();
        bench.link().bars().forEach(bar -> used.set(bar.index(), bar.index() + (bar.wide() ? 2 : 1)));
        for (int index = used.nextClearBit(0); index < Header.BARS; index = used.nextClearBit(index + 1)) {
            Check.hex("BAR%d's register".formatted(index), 0, config.read32(Header.bar(index)));
            config.write32(Header.bar(index), ALL_ONES);
            Check.hex("BAR%d's register after all ones".formatted(index), 0, config.read32(Header.bar(index)));
        }
    }

    private static void resize(Bench bench) {
        ConfigSpace config = bench.link().config();
        int at = Structure.RESIZABLE.offset(config).orElseThrow(() -> new SkippedException("the function has no resizable BAR"));
        int control = config.read32(at + ResizableBar.CONTROL);
        int index = control & ResizableBar.INDEX_MASK;
        int sizes = config.read32(at + ResizableBar.CAPABILITY) >>> ResizableBar.SIZES_SHIFT;
        boolean wide = (config.read32(Header.bar(index)) & Bar.TYPE_MASK) == Bar.TYPE_64_BIT;
        bench.function().decoding(false);
        try {
            for (int encoded = 0; encoded < Integer.SIZE; encoded++) {
                if ((sizes >>> encoded & 1) != 0) {
                    config.write32(at + ResizableBar.CONTROL, control & ~ResizableBar.SIZE_MASK | encoded << ResizableBar.SIZE_SHIFT);
                    Check.equal("size in the control register", encoded,
                            (config.read32(at + ResizableBar.CONTROL) & ResizableBar.SIZE_MASK) >>> ResizableBar.SIZE_SHIFT);
                    Check.hex("size of BAR%d by sizing".formatted(index), ResizableBar.bytes(encoded), sized(config, index, wide));
                }
            }
        } finally {
            config.write32(at + ResizableBar.CONTROL, control);
            bench.function().restore();
        }
        bench.note(Integer.bitCount(sizes) + " sizes");
    }

    private static long sized(ConfigSpace config, int index, boolean wide) {
        config.write32(Header.bar(index), ALL_ONES);
        long address = config.read32(Header.bar(index)) & Bar.ADDRESS_MASK;
        if (wide) {
            config.write32(Header.bar(index + 1), ALL_ONES);
            address = (long) config.read32(Header.bar(index + 1)) << Integer.SIZE | Integer.toUnsignedLong((int) address);
        }
        return -address;
    }

    private static void moves(Bench bench) {
        bench.registers(); // decoding is on
        for (DeviceLink.Bar bar : bench.link().bars()) {
            Mmio here = bench.link().bar(bar.index());
            long content = 0x0123_4567_89AB_CDEFL + bar.index();
            long before = probe(here, bar.index());
            put(here, bar.index(), content);
            try {
                place(bench.link().config(), bar, address(bench.link().config(), bar) + (bar.wide() ? FAR_ABOVE_4G : FAR_BELOW_4G));
                Mmio there = bench.link().bar(bar.index());
                Check.hex("BAR%d where it is now".formatted(bar.index()), content, probe(there, bar.index()));
                Check.hex("BAR%d where it was".formatted(bar.index()), -1L, probe(here, bar.index()));
                put(here, bar.index(), ~content);
                Check.hex("BAR%d after a write to where it was".formatted(bar.index()), content, probe(there, bar.index()));
                put(there, bar.index(), ~content);
                Check.hex("BAR%d after a write to where it is".formatted(bar.index()), ~content, probe(there, bar.index()));
            } finally {
                bench.function().restore();
            }
            Check.hex("BAR%d back at its address".formatted(bar.index()), ~content, probe(here, bar.index()));
            put(here, bar.index(), before);
        }
    }

    private static long address(ConfigSpace config, DeviceLink.Bar bar) {
        long lower = Integer.toUnsignedLong(config.read32(Header.bar(bar.index())) & Bar.ADDRESS_MASK);
        return bar.wide() ? (long) config.read32(Header.bar(bar.index() + 1)) << Integer.SIZE | lower : lower;
    }

    private static void place(ConfigSpace config, DeviceLink.Bar bar, long address) {
        config.write32(Header.bar(bar.index()), (int) address);
        if (bar.wide()) {
            config.write32(Header.bar(bar.index() + 1), (int) (address >>> Integer.SIZE));
        }
    }

    /** Eight bytes of the BAR that software may write: a register for tests, the message of a vector that is masked, device memory. */
    private static long probe(Mmio window, int bar) {
        return switch (bar) {
            case PpuIds.BAR_REGISTERS -> new PpuBar0Regs(window).id().readTest64();
            case PpuIds.BAR_DOORBELLS -> (long) new PpuBar4Regs(window).vector(0).readAddressHigh() << Integer.SIZE
                    | Integer.toUnsignedLong(new PpuBar4Regs(window).vector(0).readData());
            default -> {
                MemorySegment bytes = MemorySegment.ofArray(new byte[Long.BYTES]);
                window.readBytes(0, bytes);
                yield bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
            }
        };
    }

    private static void put(Mmio window, int bar, long content) {
        switch (bar) {
            case PpuIds.BAR_REGISTERS -> new PpuBar0Regs(window).id().writeTest64(content);
            case PpuIds.BAR_DOORBELLS -> {
                new PpuBar4Regs(window).vector(0).writeAddressHigh((int) (content >>> Integer.SIZE));
                new PpuBar4Regs(window).vector(0).writeData((int) content);
            }
            default -> {
                MemorySegment bytes = MemorySegment.ofArray(new byte[Long.BYTES]);
                bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, content);
                window.writeBytes(0, bytes);
            }
        }
    }
}
