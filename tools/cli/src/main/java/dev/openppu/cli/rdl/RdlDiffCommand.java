package dev.openppu.cli.rdl;

import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.rdl.compare.Change;
import dev.openppu.rdl.compare.MapDiff;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ppu rdl diff}: what a new description changes for a driver. */
@Command(name = "diff", sortOptions = false, description = "Compares two descriptions of a device and tells which changes break a driver that was written for the old one.", footerHeading = "%nExamples:%n", footer = {
    "  ppu rdl diff v1/chip.rdl v2/chip.rdl", "  ppu rdl diff --exact --top chip golden.json chip.rdl",
    "%nExit status: 0 nothing that breaks a driver, 1 something that does (--exact: any change), 2 bad usage or input."})
final class RdlDiffCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final SourceOptions options = new SourceOptions();

    @Option(names = "--exact", description = "Any change counts for the exit status, also one that breaks nothing.")
    private boolean exact;

    @Parameters(index = "0", paramLabel = "OLD", description = "The old description.")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "NEW", description = "The new one; SystemRDL, CMSIS-SVD (.svd), or a compiled map (.json), as the old one.")
    private Path after = Path.of("");

    RdlDiffCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        MapSource source = new MapSource(options, invocation.terminal().err());
        List<Change> changes = MapDiff.between(source.map(before), source.map(after));
        List<Change> breaking = changes.stream().filter(Change::breaking).toList();
        if (invocation.json()) {
            Json.document(invocation.out(), Json.object("breaking", breaking.size(), "changes",
                    changes.stream().map(RdlDiffCommand::document).toList()));
        } else {
            print(changes, breaking);
        }
        return (exact ? changes : breaking).isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private void print(List<Change> changes, List<Change> breaking) {
        List<Change> others = new ArrayList<>(changes);
        others.removeAll(breaking);
        section("breaks a driver", Colour.BAD, breaking);
        section("breaks nothing", Colour.GOOD, others);
        invocation.out().println(changes.isEmpty()
                ? "no difference"
                : String.format(Locale.ROOT, "%d %s, %d breaking", changes.size(), changes.size() == 1 ? "change" : "changes",
                        breaking.size()));
    }

    private void section(String title, Colour colour, List<Change> changes) {
        if (!changes.isEmpty()) {
            invocation.out().println(invocation.terminal().paint(colour, title));
            changes.forEach(change -> invocation.out().println("  " + change.path() + ": " + change.describe()));
            invocation.out().println();
        }
    }

    private static Map<String, Object> document(Change change) {
        return Json.object("path", change.path(), "kind", kind(change), "breaking", change.breaking(), "text", change.describe());
    }

    /** {@code fieldBits} for {@link Change.FieldBits}. */
    private static String kind(Change change) {
        String name = change.getClass().getSimpleName();
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
