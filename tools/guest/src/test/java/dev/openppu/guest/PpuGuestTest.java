package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.PpuIds;
import dev.openppu.guest.inside.PpuProgram;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.Capability;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Msix;
import dev.openppu.hal.vfiouser.server.ServerEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A PPU that another process serves, in a guest whose kernel enumerates it and gives it to the driver: {@code mvn -Pguest verify}. */
@Tag("guest")
class PpuGuestTest {
    private static final Duration LONGEST = Duration.ofSeconds(200);
    /** Cases by what kernel VFIO and an IOMMU hide. */
    private static final Map<String, List<String>> HIDDEN = Map.of("RAW_CONFIG_SPACE",
            List.of("config.bar-sizing", "config.capabilities", "config.decoding-off", "config.read-only", "config.resizable-bar"),
            "RESET_WINDOW", List.of("config.flr"), "MSIX_MASKING", List.of("interrupts.masked", "interrupts.replayed"),
            "WRITE_ONLY_DMA", List.of("boot.unreadable", "dma.write-only"));
    private static final int CASES = 208;

    private static GuestResult result;
    private static List<ServerEvent> events;

    @BeforeAll
    static void run() throws Exception {
        try (ServedDevice served = new ServedDevice()) {
            result = Guests.run("ppu", PpuProgram.class, List.of(served.device().address()), List.of(served.device()), LONGEST);
            events = List.copyOf(served.events());
        }
    }

    private static String text(String file) {
        return new String(Guests.file(result, file), StandardCharsets.US_ASCII).strip();
    }

    @Test
    void theGuestsKernelFindsTheFunctionByItsNumbers() {
        Map<String, String> found = new TreeMap<>();
        for (String name : List.of("vendor", "device", "class", "revision", "subsystem_vendor", "subsystem_device", "driver")) {
            found.put(name, text(name));
        }
        assertThat(found).isEqualTo(Map.of("vendor", "0x1ded", "device", "0x6001", "class", "0x030200", "revision", "0x01",
                "subsystem_vendor", "0x1ded", "subsystem_device", "0x4f50", "driver", "vfio-pci"));
    }

    @Test
    void theGuestsKernelPlacesItsBars() {
        List<String> sizes = text("resource").lines().limit(6).map(line -> line.split(" "))
                .map(words -> Long.toHexString(Long.decode(words[1]) - Long.decode(words[0]) + 1) + " "
                        + Long.toHexString(Long.decode(words[2]) & 0x10_2200)) // IORESOURCE_MEM_64, _PREFETCH, _MEM
                .toList();
        assertThat(sizes).containsExactly("100000 200", "1 0", "10000000 102200", "1 0", "100000 100200", "1 0");
    }

    @Test
    void theGuestsKernelSeesTheCapabilities() {
        ConfigSpace config = new BytesConfigSpace(Guests.file(result, "config"));
        Map<Integer, Capability> capabilities = new TreeMap<>();
        Capabilities.walk(config).forEach(capability -> capabilities.put(capability.id() | (capability.extended() ? 0x1_0000 : 0),
                capability));
        assertThat(capabilities.keySet()).as("power management, vendor-specific, Express, MSI-X; AER, serial number, resizable BAR")
                .containsExactly(0x01, 0x09, 0x10, 0x11, 0x1_0001, 0x1_0003, 0x1_0015);
        int vendor = capabilities.get(0x09).offset();
        assertThat(config.read32(vendor + PpuIds.CAPABILITY_MAGIC_OFFSET)).isEqualTo(PpuIds.MAGIC);
        assertThat(config.read32(vendor + PpuIds.CAPABILITY_ABI_OFFSET)).isEqualTo(PpuIds.ABI_VERSION);
        int msix = capabilities.get(Msix.ID).offset();
        assertThat(config.read16(msix + Msix.MESSAGE_CONTROL) & Msix.TABLE_SIZE_MASK).as("vectors less one").isEqualTo(64);
        assertThat(config.read32(msix + Msix.TABLE)).as("table in BAR4").isEqualTo(0x80004);
        assertThat(config.read32(msix + Msix.PENDING)).as("pending bits in BAR4").isEqualTo(0x90004);
        int express = capabilities.get(Express.ID).offset();
        assertThat(config.read32(express + Express.DEVICE_CAPABILITIES) & Express.FLR_CAPABLE).isNotZero();
        assertThat(config.read32(capabilities.get(0x1_0003).offset() + 4)).as("serial number, lower half").isEqualTo(7);
        assertThat(config.read32(Header.VENDOR_ID)).isEqualTo(0x6001_1ded);
    }

    @Test
    void theSuitePassesButForWhatKernelVfioHides() {
        Map<String, TreeMap<String, String>> ended = new TreeMap<>();
        result.output().lines().map(line -> line.split("\t", -1)).filter(words -> words.length == 3)
                .forEach(words -> ended.computeIfAbsent(words[0], _ -> new TreeMap<>()).put(words[1], words[2]));
        assertThat(ended.getOrDefault("failed", new TreeMap<>())).isEmpty();
        assertThat(ended.get("skipped").keySet()).as("a block that the model lacks").hasSize(1);
        TreeMap<String, String> hidden = ended.get("unobservable");
        HIDDEN.forEach((what, cases) -> cases.forEach(id -> assertThat(hidden.remove(id)).as(id).startsWith(what + ": ")));
        assertThat(hidden).isEmpty();
        assertThat(ended.get("passed")).hasSize(CASES - 1 - HIDDEN.values().stream().mapToInt(List::size).sum());
    }

    @Test
    void anAccessAfterTheUnmappingChangesNothingAndIsAnXidOfTheDrivers() {
        assertThat(result.output()).contains("HGGC_ERROR_ILLEGAL_ADDRESS (700) CHUB_TLB_XNACK\nCHUB_TLB_XNACK\n")
                .contains("a copy to memory that was unmapped changed nothing");
        assertThat(result.console()).as("the server refuses: no access reaches the guest's IOMMU").doesNotContain("fault addr");
    }

    @Test
    void theServerHadNothingToComplainAbout() {
        assertThat(events).noneMatch(event -> event instanceof ServerEvent.Trouble)
                .noneMatch(event -> event instanceof ServerEvent.Left left && left.violation());
    }
}
