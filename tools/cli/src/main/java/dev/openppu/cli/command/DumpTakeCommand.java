package dev.openppu.cli.command;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ppu dump take}: a dump by hand. */
@Command(name = "take", sortOptions = false, description = "Brings the device up and writes a dump of it. A model lives in this process only: its dump shows a device that has just been started.")
final class DumpTakeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "Where the dump goes; it appears whole or not at all.")
    private Path file = Path.of("");

    DumpTakeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (Ppu ppu = Ppu.open(invocation.options().deviceUri(), PpuOptions.defaults())) {
            ppu.dump(file, "asked for by ppu dump take");
        } catch (UncheckedIOException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
        if (invocation.json()) {
            Json.line(invocation.out(), Json.object("file", file.toString()));
        } else {
            invocation.out().println("dump written to " + file + "; 'ppu dump show " + file + "' decodes it");
        }
        return ExitStatus.OK;
    }
}
