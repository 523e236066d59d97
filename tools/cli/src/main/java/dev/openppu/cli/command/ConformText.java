package dev.openppu.cli.command;

import dev.openppu.cli.console.StageLines;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.Tally;
import dev.openppu.harness.compare.Agreement;
import dev.openppu.harness.compare.ComparedCase;
import dev.openppu.harness.compare.Comparison;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A comparison for people: a line a device while it runs, a table of stages, then each case that differs. Devices are called A, B, and so on. */
final class ConformText {
    private static final int TITLE_WIDTH = 30;
    private static final int LETTERS = 26;
    /** Cases listed of those that were not seen for one reason: more than any link hides. */
    private static final int SHOWN = 12;

    private final Terminal terminal;
    private final PrintStream out;
    private final Suite suite;

    ConformText(Terminal terminal, Suite suite) {
        this.terminal = terminal;
        this.out = terminal.out();
        this.suite = suite;
    }

    /** Shows how a device's run goes on. */
    SuiteListener listener(String device) {
        return new Progress(terminal, device);
    }

    /** The same beside results that a program reads. */
    SuiteListener toErrors(String device) {
        return new Progress(new Terminal(terminal.err(), terminal.err(), terminal.live(), terminal.colour(), terminal.unicode()), device);
    }

    /** One line that counts cases. */
    private final class Progress implements SuiteListener {
        private final StageLines lines;
        private int done;

        Progress(Terminal where, String device) {
            lines = new StageLines(where, TITLE_WIDTH);
            lines.begin(device);
        }

        @Override
        public void caseBegan(Stage stage, Case subject) {
            done++;
            lines.progress(done + "/" + suite.size() + " " + subject.title());
        }

        @Override
        public void ended(SuiteReport report) {
            lines.progress(report.tally().toString());
            if (report.good()) {
                lines.succeed(report.hostNanos());
            } else {
                lines.fail("");
            }
        }
    }

    void print(Comparison comparison) {
        out.println();
        losses(comparison);
        stages(comparison).print(out, "");
        differences(comparison);
        alikeFailures(comparison);
        partlySeen(comparison);
        unseen(comparison);
        out.println();
        used(comparison);
        out.println(verdict(comparison));
    }

    private static String letter(int device) {
        return device < LETTERS ? String.valueOf((char) ('A' + device)) : "#" + device;
    }

    /** Comes first: what stands below says little of such a device. */
    private void losses(Comparison comparison) {
        List<SuiteReport> reports = comparison.reports();
        for (int i = 0; i < reports.size(); i++) {
            String letter = letter(i);
            reports.get(i).loss().ifPresent(loss -> {
                out.println(terminal.paint(Colour.BAD, letter + ": " + loss + "; the cases behind it were not run"));
                out.println();
            });
        }
    }

    private Table stages(Comparison comparison) {
        List<String> titles = new ArrayList<>(List.of("STAGE"));
        List<SuiteReport> reports = comparison.reports();
        for (int i = 0; i < reports.size(); i++) {
            titles.add(letter(i) + ": " + reports.get(i).link().uri());
        }
        Table table = new Table(titles.toArray(String[]::new));
        for (Stage stage : suite.stages()) {
            row(table, stage.title(), reports.stream().map(report -> Tally.of(report.of(stage))).toList());
        }
        row(table, "all", reports.stream().map(SuiteReport::tally).toList());
        return table;
    }

    private void row(Table table, String title, List<Tally> tallies) {
        List<String> cells = new ArrayList<>(List.of(title));
        tallies.forEach(tally -> cells.add(tally.failed() > 0 ? terminal.paint(Colour.BAD, tally.toString()) : tally.toString()));
        table.row(cells.toArray(String[]::new));
    }

    private void differences(Comparison comparison) {
        for (ComparedCase compared : comparison.cases(Agreement.DIFFERENT)) {
            heading("differs", compared);
            List<Outcome> outcomes = compared.outcomes();
            for (int i = 0; i < outcomes.size(); i++) {
                out.println("  " + letter(i) + ":     " + text(outcomes.get(i)));
            }
            again(comparison, compared);
        }
    }

    /** What breaks a rule in the same way wherever it was seen. */
    private void alikeFailures(Comparison comparison) {
        for (Agreement agreement : List.of(Agreement.ALIKE, Agreement.PARTLY_SEEN)) {
            for (ComparedCase compared : comparison.cases(agreement)) {
                compared.outcomes().stream().filter(outcome -> outcome instanceof Outcome.Failed).findFirst().ifPresent(failed -> {
                    heading("failed", compared);
                    if (failed instanceof Outcome.Failed(String expected, String seen)) {
                        out.println("  expected: " + expected);
                        out.println("  seen:     " + seen);
                    }
                    again(comparison, compared);
                });
            }
        }
    }

    /** How to run a case again on the first device where it failed, and what came of it alone. */
    private void again(Comparison comparison, ComparedCase compared) {
        for (SuiteReport report : comparison.reports()) {
            for (CaseResult failure : report.failures()) {
                if (failure.subject().id().equals(compared.subject().id())) {
                    out.println("  alone: " + report.repeat(failure).text());
                    out.println("  again: " + report.again(failure));
                    return;
                }
            }
        }
    }

    private void heading(String word, ComparedCase compared) {
        out.println();
        out.println(terminal.paint(Colour.BAD, word) + "  " + compared.subject().id() + ": " + compared.subject().title());
        out.println("  rule:  " + compared.subject().rule().text() + " (" + compared.subject().rule().source() + ")");
    }

    private static String text(Outcome outcome) {
        return outcome.remark().isEmpty() ? outcome.word() : outcome.word() + ": " + outcome.remark();
    }

    /** What was seen on some devices only, by reason: a link that hides something hides it from many cases. */
    private void partlySeen(Comparison comparison) {
        reasons(comparison, Agreement.PARTLY_SEEN).forEach((reason, cases) -> {
            out.println();
            out.println(reason);
            cases.stream().limit(SHOWN).forEach(id -> out.println("  " + id));
            if (cases.size() > SHOWN) {
                out.println("  and " + (cases.size() - SHOWN) + " more; --json lists them");
            }
        });
    }

    /** What was seen on none: a line a reason. */
    private void unseen(Comparison comparison) {
        Map<String, List<String>> reasons = reasons(comparison, Agreement.UNSEEN);
        if (!reasons.isEmpty()) {
            out.println();
        }
        reasons.forEach(
                (reason, cases) -> out.println(reason + " (" + (cases.size() == 1 ? cases.getFirst() : cases.size() + " cases") + ")"));
    }

    /** Ids of cases that were not seen, by device and reason. */
    private static Map<String, List<String>> reasons(Comparison comparison, Agreement agreement) {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (int device = 0; device < comparison.reports().size(); device++) {
            for (ComparedCase compared : comparison.cases(agreement)) {
                Outcome outcome = compared.outcomes().get(device);
                if (!ComparedCase.seen(outcome)) {
                    reasons.computeIfAbsent(letter(device) + ": " + text(outcome), _ -> new ArrayList<>()).add(compared.subject().id());
                }
            }
        }
        return reasons;
    }

    /** How much of a device its run has touched: what no case has asked for, no case can have found wrong. */
    private void used(Comparison comparison) {
        for (int i = 0; i < comparison.reports().size(); i++) {
            String letter = letter(i);
            comparison.reports().get(i).coverage().summary().ifPresent(text -> out.println(letter + " used: " + text));
        }
    }

    /** Of one device its results: there is nothing that it could be alike with. */
    private String verdict(Comparison comparison) {
        if (comparison.reports().size() == 1) {
            Tally tally = comparison.reports().getFirst().tally();
            return terminal.paint(comparison.good() ? Colour.GOOD : Colour.BAD,
                    "%d passed, %d failed, %d unobservable, %d skipped".formatted(
                            tally.passed(), tally.failed(), tally.unobservable(), tally.skipped()));
        }
        int different = comparison.cases(Agreement.DIFFERENT).size();
        String text = "%d cases alike, %d different, %d seen on some devices only, %d on none".formatted(
                comparison.cases(Agreement.ALIKE).size(), different, comparison.cases(Agreement.PARTLY_SEEN).size(),
                comparison.cases(Agreement.UNSEEN).size());
        return terminal.paint(comparison.good() ? Colour.GOOD : Colour.BAD, text);
    }
}
