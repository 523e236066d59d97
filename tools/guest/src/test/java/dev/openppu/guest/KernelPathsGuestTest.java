package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.guest.inside.KernelPathsProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Paths through the kernel's VFIO, and QEMU's to a server, that drivers seldom take: {@code mvn -Pguest verify}. The guest's memory is QEMU's own, so the PPU asks for each access. */
@Tag("guest")
class KernelPathsGuestTest {
    private static final Duration LONGEST = Duration.ofSeconds(150);
    private static final String USERS = "root:x:0:0::/:/bin/sh\nppu:x:1000:1000::/tmp:/bin/sh\n";

    private static GuestResult result;

    @BeforeAll
    static void run() throws Exception {
        Path folder = Guests.folder("paths");
        Path disk = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
        Path users = Files.writeString(folder.resolve("passwd"), USERS);
        Guests.image(GuestCache.ofUser());
        try (ServedDevice served = new ServedDevice()) {
            List<GuestDevice> devices = List.of(GuestDevice.edu(), GuestDevice.nvme(disk, "paths"), served.device());
            result = Guests.run("paths", KernelPathsProgram.class, devices.stream().map(GuestDevice::address).toList(), devices,
                    GuestMemory.PRIVATE, LONGEST,
                    Map.of("etc/passwd", users, "injector.ko.xz", kernelModule("aer_inject")));
        }
    }

    /** Of the guest's kernel, unpacked with it. */
    private static Path kernelModule(String name) throws IOException {
        try (Stream<Path> files = Files.walk(GuestCache.ofUser().folder().resolve("packages/guest/usr/lib/modules"))) {
            return files.filter(file -> file.getFileName().toString().equals(name + ".ko.xz")).findFirst().orElseThrow();
        }
    }

    private static String line(String begin) {
        return result.output().lines().filter(line -> line.startsWith(begin + ": ")).findFirst().orElse("no line of " + begin)
                .substring(begin.length() + 2);
    }

    @Test
    void aRegionWithACapabilityChainIsMapped() {
        assertThat(line("BAR0 of nvme is mapped")).isEqualTo("true");
    }

    @Test
    void onlyWhatTheIommuHasIsMapped() {
        String ranges = "[IovaRange[first=0, last=4276092927], IovaRange[first=4277141504, last=281474976710655]]"; // without fee00000 to feefffff, 48 bits
        assertThat(line("IOVAs")).isEqualTo(ranges);
        assertThat(line("hole")).isEqualTo("IOVA range 0xfee00000 to 0xfee01fff is outside the usable ranges " + ranges);
        assertThat(line("beyond")).isEqualTo("IOVA range 0xfffffffff000 to 0x1000000000fff is outside the usable ranges " + ranges);
        assertThat(line("overlap")).isEqualTo("IOVA range 0x101000, 8192 bytes, overlaps a mapping");
    }

    @Test
    void theKernelsLimitsAreNamedWithWhatRaisesThem() {
        assertThat(line("too many")).endsWith(
                "the kernel allows no more mappings (0 left): map fewer and larger ranges, or raise vfio_iommu_type1.dma_entry_limit");
        assertThat(line("mappings before that")).isEqualTo("3");
        assertThat(line("as a user")).startsWith("status 0, 32 KiB are mapped; vfio:0000:00:10.0: cannot map 1048576 bytes at IOVA ")
                .endsWith(
                        "this process may lock 65536 bytes of memory: raise it with 'ulimit -l' or in /etc/security/limits.conf (memlock)");
    }

    @Test
    void aBusThatIsOursAloneCanBeReset() {
        assertThat(line("resets of edu")).as("on the root bus, without a function-level reset").isEqualTo("[]");
        assertThat(line("no such reset")).isEqualTo("vfio:0000:00:10.0 has no reset of kind SECONDARY_BUS; there are []");
        assertThat(line("resets of ppu")).isEqualTo("[FUNCTION_LEVEL, SECONDARY_BUS]");
        assertThat(line("reset FUNCTION")).contains("level=FUNCTION, recovered=true").doesNotContain("recovered=false");
        assertThat(line("reset BUS")).contains("level=BUS, recovered=true").doesNotContain("recovered=false");
    }

    @Test
    void theFunctionReachesMemoryOnlyWhileItIsOpen() {
        assertThat(result.output().lines().filter(line -> line.startsWith("bus master "))).as("at first, and when the function is back")
                .containsExactly("bus master before, while and after it is open: false true false",
                        "bus master before, while and after it is open: false true false");
    }

    @Test
    void anErrorThatTheFunctionReportsEndsEveryWait() {
        assertThat(line("injector")).isEqualTo("status 0");
        assertThat(line("error")).startsWith("HGGC_ERROR_DEVICE_UNAVAILABLE (46): ")
                .contains("the function reported an uncorrectable error")
                .contains("close the device and open it again");
        assertThat(result.output()).contains("after the error it can be opened");
    }

    @Test
    void aServerThatHasToAskForMemoryServesTheDriver() {
        assertThat(line("memory by messages")).as("copies, numbers of a kernel, and bytes, that were right")
                .isEqualTo("240 copies, 4096 numbers, 1048576 bytes");
    }

    @Test
    void aFunctionThatTheKernelWantsBackIsGivenBack() {
        assertThat(line("request")).startsWith("HGGC_ERROR_DEVICE_UNAVAILABLE (46): ").contains("the kernel wants the function back");
        assertThat(line("removed")).isEqualTo("true");
        assertThat(line("absent")).endsWith("there is no such function; see lspci -D");
        assertThat(line("unbound")).contains("it has no driver: modprobe vfio-pci && echo vfio-pci > ");
        assertThat(result.console()).contains("Relaying device request to user (#0)");
    }
}
