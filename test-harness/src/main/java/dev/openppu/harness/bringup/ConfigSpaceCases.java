package dev.openppu.harness.bringup;

import dev.openppu.abi.PpuIds;
import dev.openppu.abi.reg.IdRegs;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Observable;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.pci.BarSizing;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Aer;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.pci.PciRegister.PowerManagement;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import dev.openppu.hal.pci.PciRegister.SerialNumber;
import dev.openppu.hal.pci.PciRegister.VendorSpecific;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Stage 1: the function in configuration space. */
final class ConfigSpaceCases {
    private static final int VECTORS = 65;
    private static final long MIB = 1L << 20;
    private static final long READY_NANOS = 1_000_000_000L;

    private ConfigSpaceCases() {}

    static Stage stage() {
        return new Stage("config", "Config space and capabilities", List.of(
                Case.of("config.identity", "Ids, class and revision",
                        new Rule("The function is 1ded:6001, class 0x030200, revision 01", "facts §1"),
                        ConfigSpaceCases::identity).gating(),
                Case.of("config.subsystem", "Subsystem", Rule.guide(1, "The subsystem is 1ded:4f50"), ConfigSpaceCases::subsystem),
                Case.of("config.vendor-capability", "Magic and ABI version",
                        Rule.guide(1, "The vendor-specific capability carries the magic and an ABI major version that the driver speaks"),
                        ConfigSpaceCases::vendorCapability).gating(),
                Case.of("config.capabilities", "Capability lists",
                        Rule.guide(1, "Power management, vendor-specific, PCI Express, MSI-X; AER, serial number and resizable BAR"),
                        ConfigSpaceCases::capabilities).needing(Observable.RAW_CONFIG_SPACE),
                Case.of("config.bars", "BARs",
                        Rule.guide(1, "BAR0 1 MiB, BAR2 64-bit prefetchable of 256 MiB to 128 GiB, BAR4 1 MiB 64-bit"),
                        ConfigSpaceCases::bars),
                Case.of("config.bar-sizing", "BAR sizing",
                        Rule.pcie("7.5.1.2.1", "Writing all ones to a BAR reads back its size, and its content is kept"),
                        ConfigSpaceCases::barSizing).needing(Observable.RAW_CONFIG_SPACE),
                Case.of("config.resizable-bar", "BAR2 resizes", Rule.pcie("7.8.6", "BAR2 takes a size that its capability offers"),
                        ConfigSpaceCases::resizableBar).needing(Observable.RAW_CONFIG_SPACE),
                Case.of("config.read-only", "Read-only fields", Rule.pcie("7.5.1.1", "Ids, class and header type ignore writes"),
                        ConfigSpaceCases::readOnly)
                        .needing(Observable.RAW_CONFIG_SPACE),
                Case.of("config.msix", "MSI-X structure",
                        Rule.guide(1, "65 vectors, table in BAR4 at 0x80000, pending bits in BAR4 at 0x90000"),
                        ConfigSpaceCases::msix),
                Case.of("config.endpoint", "PCI Express endpoint with FLR", Rule.guide(1, "An endpoint that can be reset by FLR"),
                        ConfigSpaceCases::endpoint),
                Case.of("config.serial", "Serial number",
                        Rule.pcie("7.9.3", "The extended capability carries the serial number of id.serial"),
                        ConfigSpaceCases::serial),
                Case.of("config.decoding-off", "Memory decoding off",
                        Rule.pcie("7.5.1.1.3", "With memory space disabled the function answers no memory access"),
                        ConfigSpaceCases::decodingOff).needing(Observable.RAW_CONFIG_SPACE),
                Case.of("config.flr", "Function-level reset",
                        Rule.pcie("6.6.2", "Configuration is lost; config reads answer all ones until the function is ready, within 1 s"),
                        ConfigSpaceCases::functionLevelReset).needing(Observable.RESET_WINDOW)));
    }

    private static void identity(Bench bench) {
        ConfigSpace config = bench.link().config();
        bench.function().awaitReady();
        Check.hex("vendor", PpuIds.VENDOR, config.read16(Header.VENDOR_ID));
        Check.hex("device", PpuIds.DEVICE, config.read16(Header.DEVICE_ID));
        Check.hex("revision", PpuIds.REVISION, config.read8(Header.REVISION_ID));
        Check.hex("class", PpuIds.CLASS_CODE, config.read32(Header.REVISION_ID) >>> 8);
        Check.hex("header type", 0, config.read8(Header.HEADER_TYPE) & 0x7f);
        bench.note("%04x:%04x at %s".formatted(config.read16(Header.VENDOR_ID), config.read16(Header.DEVICE_ID),
                bench.link().identity().address()));
    }

    private static void subsystem(Bench bench) {
        Check.hex("subsystem vendor", PpuIds.SUBSYSTEM_VENDOR, bench.link().config().read16(Header.SUBSYSTEM_VENDOR_ID));
        Check.hex("subsystem device", PpuIds.SUBSYSTEM_DEVICE, bench.link().config().read16(Header.SUBSYSTEM_ID));
    }

    private static void vendorCapability(Bench bench) {
        ConfigSpace config = bench.link().config();
        Capability capability = find(config, VendorSpecific.ID);
        Check.hex("length", PpuIds.CAPABILITY_LENGTH, config.read8(capability.offset() + PpuIds.CAPABILITY_LENGTH_OFFSET));
        Check.hex("type", PpuIds.CAPABILITY_TYPE, config.read8(capability.offset() + PpuIds.CAPABILITY_TYPE_OFFSET));
        Check.hex("magic", PpuIds.MAGIC, config.read32(capability.offset() + PpuIds.CAPABILITY_MAGIC_OFFSET));
        int abi = config.read32(capability.offset() + PpuIds.CAPABILITY_ABI_OFFSET);
        Check.equal("ABI major version", PpuIds.ABI_MAJOR, abi >>> 16);
        bench.note("ABI %d.%d, profile %d".formatted(abi >>> 16, abi & 0xffff,
                config.read32(capability.offset() + PpuIds.CAPABILITY_PROFILE_OFFSET)));
    }

    private static void capabilities(Bench bench) {
        List<Capability> found = Capabilities.walk(bench.link().config());
        Check.equal("capabilities", Set.of(PowerManagement.ID, VendorSpecific.ID, Express.ID, Msix.ID), ids(found, false));
        Check.equal("extended capabilities", Set.of(Aer.ID, SerialNumber.ID, ResizableBar.ID), ids(found, true));
    }

    private static Set<Integer> ids(List<Capability> found, boolean extended) {
        return found.stream().filter(c -> c.extended() == extended).map(Capability::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static void bars(Bench bench) {
        Check.equal("BAR0", new DeviceLink.Bar(0, MIB, false, false), bar(bench, PpuIds.BAR_REGISTERS));
        Check.equal("BAR4", new DeviceLink.Bar(4, MIB, true, false), bar(bench, PpuIds.BAR_DOORBELLS));
        DeviceLink.Bar window = bar(bench, PpuIds.BAR_MEMORY_WINDOW);
        Check.that(
                window.wide() && window.prefetchable() && window.size() >= 256 * MIB && window.size() <= 128L << 30
                        && Long.bitCount(window.size()) == 1,
                "BAR2 is 64-bit, prefetchable, 256 MiB to 128 GiB", window.toString());
        bench.note("BAR2 shows %d MiB of device memory".formatted(window.size() / MIB));
    }

    private static DeviceLink.Bar bar(Bench bench, int index) {
        return bench.link().bars().stream().filter(b -> b.index() == index).findFirst()
                .orElseThrow(() -> new CheckFailedException("BAR" + index, "no such BAR"));
    }

    private static void barSizing(Bench bench) {
        ConfigSpace config = bench.link().config();
        int before = config.read32(Header.bar(PpuIds.BAR_MEMORY_WINDOW));
        Check.equal("BARs by sizing", bench.link().bars(), BarSizing.probe(config));
        Check.hex("BAR2 afterwards", before, config.read32(Header.bar(PpuIds.BAR_MEMORY_WINDOW)));
    }

    private static void resizableBar(Bench bench) {
        ConfigSpace config = bench.link().config();
        Capability capability = findExtended(config, ResizableBar.ID);
        int control = config.read32(capability.offset() + ResizableBar.CONTROL);
        Check.equal("index of the resizable BAR", PpuIds.BAR_MEMORY_WINDOW, control & ResizableBar.INDEX_MASK);
        int sizes = config.read32(capability.offset() + ResizableBar.CAPABILITY) >>> ResizableBar.SIZES_SHIFT;
        long memory = memoryBytes(bench);
        int offered = 0;
        for (long size = 256 * MIB; size < 2 * memory; size <<= 1) {
            offered |= 1 << ResizableBar.encode(size);
        }
        Check.hex("sizes on offer, 256 MiB up to what holds all %d MiB of memory".formatted(memory / MIB), offered, sizes);
        resize(config, capability, control, 512 * MIB);
        try {
            Check.equal("BAR2 after resizing", 512 * MIB, bar(bench, PpuIds.BAR_MEMORY_WINDOW).size());
        } finally {
            resize(config, capability, control, ResizableBar.bytes((control & ResizableBar.SIZE_MASK) >>> ResizableBar.SIZE_SHIFT));
        }
    }

    /** A register's word, and decoding as it was. */
    private static long memoryBytes(Bench bench) {
        ConfigSpace config = bench.link().config();
        int command = config.read16(Header.COMMAND);
        config.write16(Header.COMMAND, command | Command.MEMORY_SPACE_ENABLE);
        try {
            return bench.registers().memory().readSize();
        } finally {
            config.write16(Header.COMMAND, command);
        }
    }

    /** Resizing asks for memory decoding to be off (7.8.6). */
    private static void resize(ConfigSpace config, Capability capability, int control, long bytes) {
        int command = config.read16(Header.COMMAND);
        config.write16(Header.COMMAND, command & ~Command.MEMORY_SPACE_ENABLE);
        config.write32(capability.offset() + ResizableBar.CONTROL,
                control & ~ResizableBar.SIZE_MASK | ResizableBar.encode(bytes) << ResizableBar.SIZE_SHIFT);
        config.write16(Header.COMMAND, command);
    }

    private static void readOnly(Bench bench) {
        ConfigSpace config = bench.link().config();
        for (int offset : new int[]{Header.VENDOR_ID, Header.REVISION_ID, Header.SUBSYSTEM_VENDOR_ID}) {
            int before = config.read32(offset);
            config.write32(offset, ~before);
            Check.hex("config 0x%02x after writing its complement".formatted(offset), before, config.read32(offset));
        }
        int headerType = config.read8(Header.HEADER_TYPE);
        config.write8(Header.HEADER_TYPE, ~headerType);
        Check.hex("header type", headerType, config.read8(Header.HEADER_TYPE));
    }

    private static void msix(Bench bench) {
        ConfigSpace config = bench.link().config();
        Capability capability = find(config, Msix.ID);
        Check.equal("vectors", VECTORS, (config.read16(capability.offset() + Msix.MESSAGE_CONTROL) & Msix.TABLE_SIZE_MASK) + 1);
        Check.hex("table", 0x80000 | PpuIds.BAR_DOORBELLS, config.read32(capability.offset() + Msix.TABLE));
        Check.hex("pending bits", 0x90000 | PpuIds.BAR_DOORBELLS, config.read32(capability.offset() + Msix.PENDING));
    }

    private static void endpoint(Bench bench) {
        ConfigSpace config = bench.link().config();
        Capability capability = find(config, Express.ID);
        int express = config.read16(capability.offset() + Express.CAPABILITIES);
        Check.equal("device/port type", 0, express >>> 4 & 0xf);
        Check.that((config.read32(capability.offset() + Express.DEVICE_CAPABILITIES) & Express.FLR_CAPABLE) != 0, "FLR capable", "not");
    }

    private static void serial(Bench bench) {
        ConfigSpace config = bench.link().config();
        int offset = findExtended(config, SerialNumber.ID).offset();
        long serial = Integer.toUnsignedLong(config.read32(offset + SerialNumber.LOWER))
                | (long) config.read32(offset + SerialNumber.UPPER) << 32;
        bench.function().enable();
        Check.hex("serial number", bench.registers().id().readSerial(), serial);
    }

    private static void decodingOff(Bench bench) {
        ConfigSpace config = bench.link().config();
        bench.function().enable();
        IdRegs id = bench.registers().id();
        int command = config.read16(Header.COMMAND);
        config.write16(Header.COMMAND, command & ~Command.MEMORY_SPACE_ENABLE);
        try {
            Check.hex("a register read with decoding off", -1, id.readMagic());
        } finally {
            config.write16(Header.COMMAND, command);
        }
    }

    private static void functionLevelReset(Bench bench) {
        bench.function().requireReset(ResetKind.FUNCTION_LEVEL);
        ConfigSpace config = bench.link().config();
        bench.function().enable();
        bench.link().reset(ResetKind.FUNCTION_LEVEL);
        int inWindow = config.read32(Header.VENDOR_ID);
        Check.that(inWindow == -1 || inWindow == (PpuIds.DEVICE << 16 | PpuIds.VENDOR), "all ones or the ids right after the reset",
                "0x%08x".formatted(inWindow));
        long begun = bench.link().runtime().nanos();
        Check.that(bench.function().poll(() -> config.read32(Header.VENDOR_ID) != -1, READY_NANOS), "ready within 1 s", "not ready");
        bench.note("ready after %.1f ms".formatted((bench.link().runtime().nanos() - begun) / 1e6));
        Check.hex("command register", 0, config.read16(Header.COMMAND));
        Check.hex("BAR0 address", 0, config.read32(Header.bar(0)) & ~0xf);
        Check.hex("MSI-X enable", 0, config.read16(find(config, Msix.ID).offset() + Msix.MESSAGE_CONTROL) & Msix.ENABLE);
        bench.function().restore();
    }

    private static Capability find(ConfigSpace config, int id) {
        return Capabilities.find(config, id).orElseThrow(() -> new CheckFailedException("a capability 0x%02x".formatted(id), "none"));
    }

    private static Capability findExtended(ConfigSpace config, int id) {
        return Capabilities.findExtended(config, id)
                .orElseThrow(() -> new CheckFailedException("an extended capability 0x%04x".formatted(id), "none"));
    }
}
