package dev.openppu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a guest: {@code mvn -Pguest verify}. */
@Tag("guest")
class GuestCommandTest {
    @TempDir
    Path folder;

    @Test
    void theGuestsListShowsWhatVfioHas() {
        Shell shell = Shell.run("guest", "--timeout", "110", "--logs", folder.toString(), "list", "--json");
        if (shell.err().contains("no guest can be had")) {
            System.out.println("skipped: " + shell.err().strip());
        }
        assumeFalse(shell.err().contains("no guest can be had"), shell.err());
        assertThat(shell.status()).as(shell.err() + shell.out()).isZero();
        assertThat(shell.out()).contains("vfio:0000:00:10.0").contains("PCI function 1234:11e8").contains("vfio:0000:00:11.0")
                .contains("PCI function 1b36:0010");
        Shell.json(shell.out()).get("devices").forEach(device -> assertThat(device.get("openable").asBoolean()).isTrue());
    }
}
