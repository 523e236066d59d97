package dev.openppu.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example drivers against devices that nobody here wrote, under a kernel that nobody here wrote: {@code mvn -Pguest verify}. */
@Tag("guest")
class ExampleDriversGuestTest {
    private static final Duration LONGEST = Duration.ofSeconds(110);

    private static GuestResult run(String name, String main, GuestDevice device) throws Exception {
        return Guests.run(name, main, List.of("vfio:" + device.address()), List.of(device), LONGEST);
    }

    @Test
    void theDriverOfEduUsesAllThatItHas() throws Exception {
        GuestResult result = run("edu", "com.example.edu/com.example.edu.Main", GuestDevice.edu());
        assertThat(result.output()).contains("edu, identification 0x010000ed").contains("4096 bytes went there and came back")
                .contains("changed nothing");
        assertThat(result.console()).as("the kernel's word for the access after the unmapping")
                .containsPattern("DMAR: \\[DMA Write.*\\] Request device \\[00:10\\.0\\] fault addr 0x100000");
    }

    @Test
    void theDriverOfNvmeWritesAndReadsBack() throws Exception {
        Path disk = Guests.folder("nvme").resolve("disk.img");
        Files.write(disk, new byte[8 << 20]);
        GuestResult result = run("nvme", "com.example.nvme/com.example.nvme.Main", GuestDevice.nvme(disk, "guest-7"));
        assertThat(result.output()).contains("serial guest-7, 16384 blocks of 512 bytes")
                .contains("40 pages written, read back and compared")
                .contains("changed nothing");
        assertThat(result.console()).containsPattern("DMAR: \\[DMA Write.*\\] Request device \\[00:11\\.0\\] fault addr 0x");
        byte[] written = Files.readAllBytes(disk);
        assertThat(written[3 * 4 * 4096 + 5]).as("what the disk has behind the driver's back").isEqualTo((byte) (5 * 31 + 3 * 7));
    }
}
