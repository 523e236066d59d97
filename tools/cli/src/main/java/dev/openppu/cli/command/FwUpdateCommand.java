package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.file.InputFile;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.UpdateListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ppu fw update}: another image into flash. */
@Command(name = "update", sortOptions = false, description = "Writes an image to the slot in flash that is not active; the next boot from flash tries it once. Whatever goes wrong, the active slot stays as it is. A model's flash lives as long as this command.")
final class FwUpdateCommand implements Callable<Integer> {
    private static final long MOST_BYTES = 64L << 20;

    private final Invocation invocation;

    @Parameters(paramLabel = "IMAGE", description = "The firmware image.")
    private Path file = Path.of("");

    FwUpdateCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        byte[] image = InputFile.readAtMost(file, MOST_BYTES);
        UpdateListener progress = invocation.json()
                ? (bytes, total) -> Json.line(invocation.out(), Json.object("event", "written", "bytes", bytes, "total", total))
                : (bytes, total) -> invocation.out().println("%,d of %,d bytes".formatted(bytes, total));
        char slot;
        try (Ppu ppu = Ppu.open(invocation.options().deviceUri(), PpuOptions.defaults())) {
            slot = ppu.updateFirmware(image, progress);
        }
        if (invocation.json()) {
            Json.line(invocation.out(), Json.object("event", "updated", "slot", String.valueOf(slot)));
        } else {
            invocation.out().println("slot " + slot + " holds the image; the next boot from flash tries it");
        }
        return ExitStatus.OK;
    }
}
