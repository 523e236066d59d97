package dev.openppu.cli.command;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal;
import dev.openppu.driver.FirmwareLog;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ppu fw log}: the firmware's rolling log. */
@Command(name = "log", sortOptions = false, description = "Brings the device up and prints its firmware's rolling log.")
final class FwLogCommand implements Callable<Integer> {
    private final Invocation invocation;

    FwLogCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        FirmwareLog log;
        try (Ppu ppu = Ppu.open(invocation.options().deviceUri(), PpuOptions.defaults())) {
            log = ppu.firmwareLog();
        }
        if (invocation.json()) {
            log.entries().forEach(e -> Json.line(invocation.out(),
                    Json.object("sequence", e.sequence(), "nanos", e.deviceNanos(), "level", e.level().name(), "text", e.text())));
            return ExitStatus.OK;
        }
        Table table = new Table();
        log.entries().forEach(
                e -> table.row("%.6f s".formatted(e.deviceNanos() / 1e9), e.level().name().toLowerCase(Locale.ROOT),
                        Terminal.printable(e.text())));
        table.print(invocation.out(), "");
        if (log.lost() + log.damaged() > 0) {
            invocation.out().println(log.lost() + " records are gone, " + log.damaged() + " are damaged");
        }
        return ExitStatus.OK;
    }
}
