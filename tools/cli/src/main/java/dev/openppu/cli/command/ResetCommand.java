package dev.openppu.cli.command;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.console.Json;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.ResetReport;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ppu reset}: climbs the recovery ladder on request. */
@Command(name = "reset", sortOptions = false, description = "Brings the device up and resets it, beginning at a rung of the recovery ladder and climbing on if that does not help. Status 0 only if the device works afterwards.", footerHeading = "%nExamples:%n", footer = {
    "  ppu reset", "  ppu reset --level engine"})
final class ResetCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--level", paramLabel = "RUNG", description = "queue, engine, function (default) or bus.")
    private String level = "function";

    ResetCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        ResetLevel rung = rung();
        ResetReport report;
        try (Ppu ppu = Ppu.open(invocation.options().deviceUri(), PpuOptions.defaults())) {
            report = ppu.reset(rung);
        }
        if (invocation.json()) {
            Json.document(invocation.out(),
                    Json.object("asked", rung.name(), "recovered", report.recovered(), "epoch", report.epoch(), "attempts",
                            report.attempts().stream()
                                    .map(a -> Json.object("level", a.level().name(), "recovered", a.recovered(), "what", a.what(), "nanos",
                                            a.nanos()))
                                    .toList()));
        } else {
            report.attempts().forEach(a -> invocation.out()
                    .println("%s: %s (%.1f ms)".formatted(a.level().title(), a.recovered() ? a.what() : "FAILED: " + a.what(),
                            a.nanos() / 1e6)));
            if (!report.recovered()) {
                invocation.terminal().err().println("ppu: the device could not be reset; power the host off and on");
            }
        }
        return report.recovered() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private ResetLevel rung() {
        try {
            return ResetLevel.valueOf(level.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new BadInputException("there is no rung '" + level + "'; there are "
                    + Arrays.stream(ResetLevel.values()).map(l -> l.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")), e);
        }
    }
}
