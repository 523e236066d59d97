package dev.openppu.cli.command;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ppu drain}: no new jobs, old ones go on. */
@Command(name = "drain", sortOptions = false, description = "Has the device take no new contexts, and waits until the last one is closed. The state lives with the driver, which here is this process: on a model, and on every link without a service that owns the card, it ends with the command.")
final class DrainCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Longest to wait; default 10.")
    private int seconds = 10;

    DrainCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (seconds < 0) {
            throw new BadInputException("--timeout " + seconds + " lies in the past; give 0 to look once, or more");
        }
        boolean drained;
        try (Ppu ppu = Ppu.open(invocation.options().deviceUri(), PpuOptions.defaults())) {
            ppu.drain(true);
            drained = ppu.awaitDrained(Duration.ofSeconds(seconds));
        }
        if (invocation.json()) {
            Json.line(invocation.out(), Json.object("draining", true, "drained", drained));
        } else {
            invocation.out().println(drained ? "draining; no job is left" : "draining; jobs still run after " + seconds + " s");
        }
        return drained ? ExitStatus.OK : ExitStatus.FAILED;
    }
}
