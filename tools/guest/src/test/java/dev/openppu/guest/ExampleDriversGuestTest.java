package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
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

/** The example drivers against devices that nobody here wrote, under a kernel that nobody here wrote: {@code mvn -Pguest verify}. */
@Tag("guest")
class ExampleDriversGuestTest {
    private static final Duration LONGEST = Duration.ofSeconds(110);
    private static final Path LOGS = Path.of(System.getProperty("guest.logs", "target/guest"));
    private static GuestImage image;

    @BeforeAll
    static void prepare() {
        try {
            image = GuestImage.in(GuestCache.ofUser());
        } catch (GuestUnavailableException e) {
            System.out.println("guest tests are skipped: " + e.getMessage());
            abort(e.getMessage());
        }
    }

    private static List<Path> modules(String example) {
        return Stream.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")).split(File.pathSeparator))
                .filter(entry -> Stream.of("hal-core-", "/hal/core/", example + "-0", "/examples/" + example.replace("example-", "") + "/")
                        .anyMatch(entry::contains))
                .map(Path::of).toList();
    }

    /** Everything that the guest said is in the message of what fails, and in files. */
    private static GuestResult run(String example, String main, GuestDevice device) throws IOException, InterruptedException {
        Path folder = LOGS.resolve(example).toAbsolutePath();
        GuestResult result = new Guest(image).run(new GuestProgram(modules(example), main, List.of("vfio:" + device.address()), Map.of(),
                List.of(device), LONGEST), folder);
        assertThat(result.status()).as("%s in %s\n%s\n%s", main, folder, result.output(), result.console()).isZero();
        return result;
    }

    @Test
    void theDriverOfEduUsesAllThatItHas() throws Exception {
        GuestResult result = run("example-edu", "com.example.edu/com.example.edu.Main", GuestDevice.edu());
        assertThat(result.output()).contains("edu, identification 0x010000ed").contains("4096 bytes went there and came back")
                .contains("changed nothing");
        assertThat(result.console()).as("the kernel's word for the access after the unmapping")
                .containsPattern("DMAR: \\[DMA Write.*\\] Request device \\[00:10\\.0\\] fault addr 0x100000");
    }

    @Test
    void theDriverOfNvmeWritesAndReadsBack() throws Exception {
        Path disk = LOGS.resolve("disk.img").toAbsolutePath();
        Files.createDirectories(disk.getParent());
        Files.write(disk, new byte[8 << 20]);
        GuestResult result = run("example-nvme", "com.example.nvme/com.example.nvme.Main", GuestDevice.nvme(disk, "guest-7"));
        assertThat(result.output()).contains("serial guest-7, 16384 blocks of 512 bytes")
                .contains("40 pages written, read back and compared")
                .contains("changed nothing");
        assertThat(result.console()).containsPattern("DMAR: \\[DMA Write.*\\] Request device \\[00:11\\.0\\] fault addr 0x");
        byte[] written = Files.readAllBytes(disk);
        assertThat(written[3 * 4 * 4096 + 5]).as("what the disk has behind the driver's back").isEqualTo((byte) (5 * 31 + 3 * 7));
    }
}
