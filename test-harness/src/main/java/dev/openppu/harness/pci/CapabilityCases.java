package dev.openppu.harness.pci;

import dev.openppu.hal.Observable;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Aer;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.pci.PciRegister.PowerManagement;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import dev.openppu.hal.pci.PciRegister.SerialNumber;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.SkippedException;
import dev.openppu.harness.bench.Bench;
import dev.openppu.harness.pci.ConfigMap.Structure;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** The lists of capabilities, link by link, and what each capability says of itself. */
final class CapabilityCases {
    private static final int FIRST = 0x40;
    private static final int CONVENTIONAL_END = 0x100;
    private static final int FIRST_EXTENDED = 0x100;
    /** The lowest versions that have the registers that the suite knows. */
    private static final Map<Integer, Integer> VERSIONS = Map.of(Aer.ID, 1, SerialNumber.ID, 1, ResizableBar.ID, 1);
    private static final int POWER_VERSION = 3;
    private static final int EXPRESS_VERSION = 2;
    private static final int ROLE_BASED_ERRORS = 1 << 15;
    private static final int EUI64_COMPANY = 24;

    private CapabilityCases() {}

    static List<Case> cases() {
        return List.of(
                Case.of("pci.list", "The list of capabilities",
                        Rule.pcie("7.5.1.1.11",
                                "Each pointer leads to a doubleword behind the header, no two structures overlap, and the list ends in 0"),
                        CapabilityCases::list),
                Case.of("pci.list.extended", "The list of extended capabilities",
                        Rule.pcie("7.6.3",
                                "The list begins at 0x100, each pointer leads to a doubleword behind it, no two structures overlap, and the list ends in 0"),
                        CapabilityCases::extendedList),
                Case.of("pci.versions", "Versions and fixed fields of the capabilities",
                        Rule.pcie("7.5.2.1, 7.5.3.2, 7.7.2, 7.8.4.1, 7.8.6.1",
                                "Each structure has a version that knows its registers, and its fixed fields"),
                        CapabilityCases::versions).needing(Observable.RAW_CONFIG_SPACE),
                Case.of("pci.serial", "Serial number",
                        Rule.pcie("7.9.3.2", "The serial number is an EUI-64: neither zero nor all ones, and the same at every read"),
                        CapabilityCases::serial).needing(Observable.RAW_CONFIG_SPACE));
    }

    /** The bytes of config space that belong to a structure; of an unknown capability only its header is known. */
    static BitSet taken(ConfigSpace config) {
        BitSet taken = new BitSet();
        taken.set(0, FIRST);
        for (Capability capability : Capabilities.walk(config)) {
            claim(config, capability, taken);
        }
        return taken;
    }

    private static void claim(ConfigSpace config, Capability capability, BitSet taken) {
        Structure known = Structure.of(capability).orElseThrow(() -> new SkippedException(
                "the suite does not know the extent of capability 0x%x at 0x%x".formatted(capability.id(), capability.offset())));
        int end = capability.offset() + known.length(config, capability.offset());
        Check.that(taken.get(capability.offset(), end).isEmpty(), "no structure overlaps another",
                "%s at 0x%x lies in another one".formatted(known, capability.offset()));
        Check.that(end <= (capability.extended() ? config.size() : CONVENTIONAL_END), "a structure ends where config space does",
                "%s ends at 0x%x".formatted(known, end));
        taken.set(capability.offset(), end);
    }

    private static void list(Bench bench) {
        ConfigSpace config = bench.link().config();
        BitSet visited = new BitSet();
        int at = config.read8(Header.CAPABILITIES_POINTER);
        while (at != 0) {
            demandPlace(at, FIRST, CONVENTIONAL_END);
            Check.that(!visited.get(at), "each structure is in the list once", "a pointer back to 0x%x".formatted(at));
            visited.set(at);
            int id = config.read8(at);
            Check.that(id != 0xFF, "an id", "0xff at 0x%x".formatted(at));
            at = config.read8(at + 1);
        }
        taken(config);
        bench.note(visited.cardinality() + " capabilities");
    }

    private static void extendedList(Bench bench) {
        ConfigSpace config = bench.link().config();
        if (config.size() <= FIRST_EXTENDED) {
            throw new SkippedException("config space has 256 bytes");
        }
        BitSet visited = new BitSet();
        int at = FIRST_EXTENDED;
        while (at != 0) {
            demandPlace(at, FIRST_EXTENDED, config.size());
            Check.that(!visited.get(at), "each structure is in the list once", "a pointer back to 0x%x".formatted(at));
            visited.set(at);
            int head = config.read32(at);
            Check.that(head != -1, "a header", "all ones at 0x%x".formatted(at));
            Check.that(head != 0 || at == FIRST_EXTENDED, "an id", "0 at 0x%x".formatted(at));
            at = head >>> 20;
        }
        bench.note(visited.cardinality() + " extended capabilities");
    }

    private static void demandPlace(int at, int first, int end) {
        Check.that(at >= first && at < end && (at & 3) == 0, "a pointer to a doubleword from 0x%x to 0x%x".formatted(first, end),
                "0x%x".formatted(at));
    }

    private static void versions(Bench bench) {
        ConfigSpace config = bench.link().config();
        for (Capability capability : Capabilities.walk(config)) {
            if (capability.extended()) {
                int lowest = VERSIONS.getOrDefault(capability.id(), 0);
                Check.that(capability.version() >= lowest,
                        "version %d or later of extended capability 0x%x".formatted(lowest, capability.id()),
                        "version " + capability.version());
            }
        }
        int power = find(config, PowerManagement.ID);
        Check.equal("version of power management", POWER_VERSION, config.read16(power + PowerManagement.CAPABILITIES) & 7);
        int express = find(config, Express.ID);
        Check.equal("version of the PCI Express capability", EXPRESS_VERSION, config.read16(express + Express.CAPABILITIES) & 0xF);
        Check.that((config.read32(express + Express.DEVICE_CAPABILITIES) & ROLE_BASED_ERRORS) != 0, "role-based error reporting (7.5.3.3)",
                "not");
        int msix = find(config, Msix.ID);
        int vectors = (config.read16(msix + Msix.MESSAGE_CONTROL) & Msix.TABLE_SIZE_MASK) + 1;
        long table = Integer.toUnsignedLong(config.read32(msix + Msix.TABLE));
        long pending = Integer.toUnsignedLong(config.read32(msix + Msix.PENDING));
        demandInside(bench, "MSI-X table", table, vectors * 16L);
        demandInside(bench, "pending bits", pending, Math.ceilDiv(vectors, Long.SIZE) * 8L);
    }

    private static void demandInside(Bench bench, String what, long place, long bytes) {
        int bar = (int) place & Msix.BIR_MASK;
        long offset = place & ~Msix.BIR_MASK;
        boolean inside = bench.link().bars().stream().anyMatch(each -> each.index() == bar && offset + bytes <= each.size());
        Check.that(inside, what + " inside a BAR that there is", "BAR%d, 0x%x".formatted(bar, offset));
    }

    private static void serial(Bench bench) {
        ConfigSpace config = bench.link().config();
        int at = Structure.SERIAL.offset(config).orElseThrow(() -> new SkippedException("the function has no serial number"));
        long serial = serial(config, at);
        Check.that(serial != 0 && serial != -1, "a serial number", "0x%x".formatted(serial));
        Check.hex("serial number at another read", serial, serial(config, at));
        bench.note("0x%016x, company 0x%06x".formatted(serial, serial >>> Long.SIZE - EUI64_COMPANY));
    }

    private static long serial(ConfigSpace config, int at) {
        return (long) config.read32(at + SerialNumber.UPPER) << 32 | Integer.toUnsignedLong(config.read32(at + SerialNumber.LOWER));
    }

    static int find(ConfigSpace config, int id) {
        return Capabilities.find(config, id).map(Capability::offset)
                .orElseThrow(() -> new CheckFailedException("a capability 0x%02x".formatted(id), "none"));
    }
}
