package dev.openppu.cli.report;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.ExitStatus;
import dev.openppu.cli.command.Invocation;
import dev.openppu.cli.console.Json;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.cli.file.InputFile;
import dev.openppu.harness.ledger.Ledger;
import dev.openppu.harness.ledger.LifeLine;
import dev.openppu.harness.ledger.Merge;
import dev.openppu.harness.report.CampaignChange;
import dev.openppu.harness.report.CampaignDirectory;
import dev.openppu.harness.report.SuiteChange;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ppu report compare}: two campaigns, or two runs of a suite, side by side. */
@Command(name = "compare", sortOptions = false, description = "Says what has changed from one campaign, or one run of a suite, to another: what fails newly, what passes again, what of the device was used and is no longer. "
        + "Give the folders of --report, or the files themselves: a campaign's lines (.jsonl) or a suite's report.json. Status 0 only if nothing got worse.", footerHeading = "%nExamples:%n", footer = {
            "  ppu report compare yesterday.jsonl today.jsonl", "  ppu report compare model-report/ native-report/"})
final class CompareCommand implements Callable<Integer> {
    private static final String LINES = ".jsonl";
    private static final int MOST_SHOWN = 20;
    private static final String FAILING = "failing now";

    @Parameters(index = "0", paramLabel = "BEFORE", description = "A folder of --report, a campaign's file, or a suite's report.json.")
    private Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "AFTER", description = "The other one, of the same kind.")
    private Path after = Path.of("");

    private final Invocation invocation;

    CompareCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Path first = file(before);
        Path second = file(after);
        if (isCampaign(first) != isCampaign(second)) {
            throw new BadInputException("%s is of %s and %s of %s: give two of a kind".formatted(first, kind(first), second, kind(second)));
        }
        return isCampaign(first) ? compareCampaigns(first, second) : compareSuites(first, second);
    }

    private static Path file(Path named) {
        if (Files.isDirectory(named)) {
            Path lines = named.resolve(CampaignDirectory.LIVES);
            return InputFile.require(Files.exists(lines) ? lines : named.resolve("report.json"));
        }
        return InputFile.require(named);
    }

    private static boolean isCampaign(Path file) {
        return file.toString().endsWith(LINES);
    }

    private static String kind(Path file) {
        return isCampaign(file) ? "a campaign" : "a suite";
    }

    private int compareCampaigns(Path first, Path second) throws IOException {
        CampaignChange change = new CampaignChange(Merge.of(List.of(Ledger.read(first))), Merge.of(List.of(Ledger.read(second))));
        List<LifeLine> failing = change.newlyFailing();
        Optional<String> different = change.after().header().livesDifferFrom(change.before().header());
        if (invocation.json()) {
            failing.forEach(life -> Json.line(invocation.out(), ReadFailure.json("newlyFailing", life)));
            Json.line(invocation.out(),
                    Json.object("type", "summary", "worse", change.worse(), "otherLives", different.orElse(null), "newlyFailing",
                            failing.size(),
                            "newlyPassing", change.newlyPassing(), "stillFailing", change.stillFailing(), "missing", change.missing(),
                            "gained",
                            change.gained(), "lost",
                            change.lost()));
        } else {
            Terminal terminal = invocation.terminal();
            different.ifPresent(what -> terminal.out()
                    .println("other lives   " + Terminal.printable(what) + ": a seed does not mean in one what it means in the other"));
            for (LifeLine life : failing.stream().limit(MOST_SHOWN).toList()) {
                ReadFailure.of(life).print(terminal, FAILING, ReadFailure.title(life));
            }
            PrintStream out = terminal.out();
            printAll(out, "passes again  seed ", change.newlyPassing().stream().map(String::valueOf).toList());
            printAll(out, "fails still   seed ", change.stillFailing().stream().map(String::valueOf).toList());
            if (!change.missing().isEmpty()) {
                out.println(terminal.paint(Colour.BAD, "not lived") + "     seeds " + String.join(", ", change.missing()));
            }
            printAll(out, "used now      ", change.gained());
            printAll(out, "used no more  ", change.lost());
            summary(terminal, change.worse(), "%,d newly failing, %,d passing again, %,d failing still, %,d things used now, %,d no more"
                    .formatted(failing.size(), change.newlyPassing().size(), change.stillFailing().size(), change.gained().size(),
                            change.lost().size()));
        }
        return change.worse() ? ExitStatus.FAILED : ExitStatus.OK;
    }

    private int compareSuites(Path first, Path second) throws IOException {
        SuiteChange change = new SuiteChange(suite(first), suite(second));
        List<SuiteChange.Changed> changes = change.changes();
        if (invocation.json()) {
            changes.forEach(each -> Json.line(invocation.out(), Json.object("type", "changed", "id", each.id(), "before",
                    each.before().outcome(), "after", each.after().outcome(), "worse", each.worse(), "rule", each.after().rule(), "source",
                    each.after().source(), "expected", each.after().expected(),
                    "seen", each.after().seen(), "again", each.after().again())));
            Json.line(invocation.out(), Json.object("type", "summary", "worse", change.worse(), "changed", changes.size(), "before",
                    change.before().link(), "after", change.after().link(), "gained", change.gained(), "lost", change.lost()));
        } else {
            Terminal terminal = invocation.terminal();
            for (SuiteChange.Changed each : changes) {
                String what = "%s: %s, was %s".formatted(each.id(), each.after().outcome(), each.before().outcome());
                if (each.worse() && !each.after().seen().isEmpty()) {
                    ReadFailure.of(each.after()).print(terminal, FAILING, what);
                } else {
                    terminal.out().println((each.worse() ? terminal.paint(Colour.BAD, "worse") : "changed") + "  " + what);
                }
            }
            printAll(terminal.out(), "used now      ", change.gained());
            printAll(terminal.out(), "used no more  ", change.lost());
            summary(terminal, change.worse(),
                    "%s; %,d things used now, %,d no more".formatted(cases(change), change.gained().size(), change.lost().size()));
        }
        return change.worse() ? ExitStatus.FAILED : ExitStatus.OK;
    }

    private static String cases(SuiteChange change) {
        long both = change.inBoth();
        long otherwise = change.changes().stream().filter(SuiteChange.Changed::ranTwice).count();
        long gone = change.before().cases().size() - both;
        long fresh = change.after().cases().size() - both;
        return "%,d of %,d cases ended otherwise on %s than on %s".formatted(otherwise, both, change.after().link(), change.before().link())
                + (gone == 0 ? "" : "; %,d ran before only".formatted(gone)) + (fresh == 0 ? "" : "; %,d run now only".formatted(fresh));
    }

    private static SuiteChange.Run suite(Path file) throws IOException {
        try {
            return SuiteChange.Run.read(file);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()));
        }
    }

    private static void printAll(PrintStream out, String lead, List<String> all) {
        all.stream().limit(MOST_SHOWN).forEach(each -> out.println(lead + each));
        if (all.size() > MOST_SHOWN) {
            out.println(lead + "and " + (all.size() - MOST_SHOWN) + " more (--json has all)");
        }
    }

    private static void summary(Terminal terminal, boolean worse, String text) {
        terminal.out().println(terminal.paint(worse ? Colour.BAD : Colour.GOOD, text));
    }
}
