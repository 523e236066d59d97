package dev.openppu.cli.report;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.cli.file.AtomicFile;
import dev.openppu.cli.file.InputFile;
import dev.openppu.harness.ledger.Ledger;
import dev.openppu.harness.ledger.LifeLine;
import dev.openppu.harness.ledger.Merge;
import dev.openppu.harness.report.CampaignDirectory;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu report merge}: the shares of a campaign as one. */
@Command(name = "merge", sortOptions = false, description = "Puts the files of one campaign (ppu sim --out) together: every seed counts once. Status 0 only if no seed is missing, "
        + "lines of one seed are the same byte for byte, and all lives passed.", footerHeading = "%nExample:%n", footer = "  ppu report merge shard-*.jsonl --out campaign.jsonl")
final class MergeCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 10;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files of shares, or of campaigns, in any order.")
    private List<Path> files = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "Writes all lives, by their seeds, as one file of the same kind.")
    private @Nullable Path out;

    @Option(names = "--report", paramLabel = "DIR", description = "Writes report.html, junit.xml, report.json and all lives (campaign.jsonl) into DIR.")
    private @Nullable Path report;

    private final Invocation invocation;

    MergeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        List<Ledger> ledgers = new ArrayList<>();
        for (Path file : files) {
            ledgers.add(Ledger.read(InputFile.require(file)));
        }
        Merge merge = Merge.of(ledgers);
        if (out != null) {
            writeLives(merge, out);
        }
        if (report != null) {
            new CampaignDirectory(report).write(merge, List.of());
            writeLives(merge, report.resolve(CampaignDirectory.LIVES));
        }
        if (invocation.json()) {
            printJson(merge);
        } else {
            printText(merge);
        }
        return merge.good() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static void writeLives(Merge merge, Path where) throws IOException {
        try (AtomicFile file = AtomicFile.create(where)) {
            Files.writeString(file.path(), merge.text(), StandardCharsets.UTF_8);
            file.commit();
        }
    }

    private void printText(Merge merge) {
        Terminal terminal = invocation.terminal();
        PrintStream text = terminal.out();
        merge.failures().stream().limit(MOST_SHOWN)
                .forEach(life -> ReadFailure.of(life).print(terminal, "failed", ReadFailure.title(life)));
        for (Merge.Disagreement each : merge.disagreements().stream().limit(MOST_SHOWN).toList()) {
            text.println(terminal.paint(Colour.BAD, "not the same") + "  seed " + each.seed()
                    + ": a life follows from its seed, and these differ");
            text.println("  " + each.firstFile() + ": " + Terminal.printable(each.first()));
            text.println("  " + each.secondFile() + ": " + Terminal.printable(each.second()));
        }
        merge.torn().forEach(
                file -> text.println(file + " ends in half a line, which does not count: ppu sim --out FILE --resume goes on there"));
        List<String> missing = merge.missing();
        if (!missing.isEmpty()) {
            text.println(terminal.paint(Colour.BAD, "missing") + "  seeds " + String.join(", ", missing));
        }
        text.println(terminal.paint(merge.good() ? Colour.GOOD : Colour.BAD,
                "%,d of %,d seeds, %,d failed, %,d missing, %,d of several files, %,d of these not the same".formatted(merge.lives().size(),
                        merge.header().seeds().count(), merge.failures().size(), merge.missingCount(), merge.repeated(),
                        merge.disagreements().size())));
    }

    private void printJson(Merge merge) {
        for (LifeLine life : merge.failures()) {
            Json.line(invocation.out(), ReadFailure.json("failure", life));
        }
        for (Merge.Disagreement each : merge.disagreements()) {
            Json.line(invocation.out(), Json.object("type", "disagreement", "seed", each.seed(), "files",
                    List.of(each.firstFile(), each.secondFile()), "lines", List.of(each.first(), each.second())));
        }
        Json.line(invocation.out(),
                Json.object("type", "summary", "good", merge.good(), "seeds", merge.header().seeds().toString(), "lives",
                        merge.lives().size(), "failed", merge.failures().size(), "missing", merge.missing(), "repeated", merge.repeated(),
                        "disagreements", merge.disagreements().size(), "torn", merge.torn()));
    }
}
