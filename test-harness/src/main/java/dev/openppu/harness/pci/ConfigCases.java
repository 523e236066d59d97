package dev.openppu.harness.pci;

import dev.openppu.hal.Observable;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.pci.ConfigMap.Structure;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** Every bit of every register of config space, what lies between them, and accesses of every size. */
final class ConfigCases {
    private static final int WORD = 4;
    private static final int ALTERNATING = 0xA5A5_A5A5;

    private ConfigCases() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Structure structure : Structure.values()) {
            String name = structure.name().toLowerCase(Locale.ROOT);
            cases.add(Case.of("pci.bits." + name, "Every bit of a structure: " + name,
                    Rule.pcie("7.4",
                            "Read-only bits keep their value, reserved ones read 0, RW bits take what is written, RW1C bits a one clears"),
                    bench -> bits(bench, structure)).needing(Observable.RAW_CONFIG_SPACE));
        }
        cases.add(Case.of("pci.gaps", "Config space between the structures",
                new Rule("What is of no structure reads 0 and ignores writes", "PCI Local Bus 3.0, 6.1"), ConfigCases::gaps)
                .needing(Observable.RAW_CONFIG_SPACE));
        cases.add(Case.of("pci.access-sizes.read", "Config reads of 1, 2 and 4 bytes",
                Rule.pcie("2.2.7.1", "A read of some bytes of a doubleword gives what a read of all of it gives there"),
                ConfigCases::narrowReads));
        cases.add(Case.of("pci.access-sizes.write", "Config writes of 1 and 2 bytes",
                Rule.pcie("2.2.7.1", "A write changes the bytes whose byte enables are set, and no other"), ConfigCases::narrowWrites)
                .needing(Observable.RAW_CONFIG_SPACE));
        return cases;
    }

    private static void bits(Bench bench, Structure structure) {
        bench.disableInterrupts();
        ConfigSpace config = bench.link().config();
        List<ConfigRegister> registers = ConfigMap.registers(structure, config);
        if (registers.isEmpty()) {
            throw new SkippedException("the function has no such structure");
        }
        int bits = 0;
        try {
            for (ConfigRegister register : registers) {
                bash(config, register);
                bits += register.width();
            }
        } finally {
            bench.function().restore();
        }
        bench.note(registers.size() + " registers, " + bits + " bits");
    }

    private static void bash(ConfigSpace config, ConfigRegister register) {
        int found = register.read(config);
        Check.hex("reserved bits of " + named(register), 0, found & register.zero());
        int before = found;
        for (int pattern : patterns(register)) {
            int written = pattern & ~register.spared() | found & register.spared() & ~register.zero();
            register.write(config, written);
            int seen = register.read(config);
            int judged = register.judged();
            Check.hex("%s after 0x%x was written where 0x%x was".formatted(named(register), written, before & judged),
                    register.after(before, written) & judged, seen & judged);
            before = seen;
        }
        register.write(config, found & ~register.cleared());
    }

    private static List<Integer> patterns(ConfigRegister register) {
        List<Integer> patterns = new ArrayList<>(
                List.of(0, ALTERNATING & register.bits(), ~ALTERNATING & register.bits(), register.bits(), 0));
        for (int bit = 0; bit < register.width(); bit++) {
            patterns.add(1 << bit);
            patterns.add(register.bits() & ~(1 << bit));
        }
        return patterns;
    }

    private static String named(ConfigRegister register) {
        return "%s (0x%03x, PCIe 6.0 %s)".formatted(register.name(), register.offset(), register.clause());
    }

    private static void gaps(Bench bench) {
        ConfigSpace config = bench.link().config();
        BitSet taken = CapabilityCases.taken(config);
        int gaps = 0;
        for (int at = 0; at < config.size(); at += WORD) {
            if (taken.get(at, at + WORD).isEmpty()) {
                Check.hex("config 0x%03x, of no structure".formatted(at), 0, config.read32(at));
                config.write32(at, -1);
                Check.hex("config 0x%03x, of no structure, after all ones".formatted(at), 0, config.read32(at));
                gaps++;
            }
        }
        bench.note(gaps + " doublewords");
    }

    private static void narrowReads(Bench bench) {
        ConfigSpace config = bench.link().config();
        for (int at = 0; at < config.size(); at += WORD) {
            int whole = config.read32(at);
            for (int byteAt = 0; byteAt < WORD; byteAt++) {
                Check.hex("byte 0x%03x".formatted(at + byteAt), whole >>> 8 * byteAt & 0xFF, config.read8(at + byteAt));
            }
            for (int half = 0; half < WORD; half += 2) {
                Check.hex("halfword 0x%03x".formatted(at + half), whole >>> 8 * half & 0xFFFF, config.read16(at + half));
            }
        }
    }

    /** In BAR0, whose upper half is all address, and next to the cache line size. */
    private static void narrowWrites(Bench bench) {
        ConfigSpace config = bench.link().config();
        bench.function().decoding(false);
        try {
            int bar = Header.bar(0);
            int addressed = sizeMask(config, bar);
            Check.that((addressed & 0xFF00_0000) == 0xFF00_0000, "BAR0's upper byte is address", "0x%08x".formatted(addressed));
            config.write32(bar, 0);
            int fixed = config.read32(bar);
            config.write8(bar + 3, 0x5A);
            Check.hex("BAR0 after its last byte was written", fixed | 0x5A00_0000, config.read32(bar));
            config.write8(bar + 2, -1);
            Check.hex("BAR0 after the byte before", fixed | (0x5AFF_0000 & addressed), config.read32(bar));
            config.write16(bar + 2, 0x8000);
            Check.hex("BAR0 after its upper half", fixed | 0x8000_0000, config.read32(bar));
            config.write8(bar, -1);
            config.write8(bar + 1, -1);
            Check.hex("BAR0 after its lower bytes", fixed | 0x8000_0000 | addressed & 0xFFFF, config.read32(bar));
            int line = config.read32(Header.CACHE_LINE_SIZE);
            config.write8(Header.CACHE_LINE_SIZE, 0x10);
            config.write8(Header.HEADER_TYPE, 0xFF);
            Check.hex("header 0x0c after its first byte", line & ~0xFF | 0x10, config.read32(Header.CACHE_LINE_SIZE));
            config.write8(Header.CACHE_LINE_SIZE, line);
        } finally {
            bench.function().restore();
        }
    }

    /** Bits of a BAR's register that are address, by all ones. */
    private static int sizeMask(ConfigSpace config, int bar) {
        config.write32(bar, -1);
        int ones = config.read32(bar);
        config.write32(bar, 0);
        return ones & ~config.read32(bar);
    }
}
