package dev.openppu.cli.command;

import dev.openppu.cli.console.StageLines;
import dev.openppu.cli.console.Table;
import dev.openppu.cli.console.Terminal;
import dev.openppu.cli.console.Terminal.Colour;
import dev.openppu.driver.BringUpListener;
import dev.openppu.driver.BringUpStage;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInfo;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.Tally;

import java.io.PrintStream;
import java.nio.file.Path;

/** A bring-up for people: a line a stage, a table at the end. */
final class BringupText implements BringupOutput {
    private static final int TITLE_WIDTH = 26;

    private final Terminal terminal;
    private final PrintStream out;
    private final StageLines lines;

    BringupText(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
        this.lines = new StageLines(terminal, TITLE_WIDTH);
    }

    @Override
    public void opened(LinkIdentity link) {
        out.println(terminal.paint(Colour.STRONG, link.uri()) + "  " + link.description()
                + (link.address().isEmpty() ? "" : " at " + link.address()));
        out.println();
    }

    @Override
    public void up(PpuInfo info) {
        out.println();
        out.println(terminal.paint(Colour.STRONG, info.product()) + " is up: " + StageLines.bytes(info.memoryBytes()) + ", "
                + info.computeUnits()
                + " compute units, " + info.queues() + " queues, firmware " + info.firmwareVersion());
        out.println();
    }

    @Override
    public void reported(Path page) {
        out.println();
        out.println("report: " + page);
    }

    @Override
    public BringUpListener bringUp() {
        return new BringUpListener() {
            private long begun;

            @Override
            public void began(BringUpStage stage, long nanos) {
                begun = nanos;
                lines.begin(stage.title());
            }

            @Override
            public void detail(BringUpStage stage, String detail) {
                lines.detail(detail);
            }

            @Override
            public void ended(BringUpStage stage, long nanos) {
                lines.succeed(nanos - begun);
            }

            @Override
            public void failed(BringUpStage stage, long nanos, PpuException failure) {
                lines.fail("failed after " + StageLines.duration(nanos - begun));
            }
        };
    }

    @Override
    public SuiteListener suite() {
        return new SuiteText();
    }

    /** The tests: a line a stage that counts its cases. */
    private final class SuiteText implements SuiteListener {
        private int done;
        private Tally tally = Tally.of(java.util.List.of());

        @Override
        public void began(Suite suite, LinkIdentity link) {
            out.println(suite.title() + " tests, " + suite.size() + " cases");
            out.println();
        }

        @Override
        public void stageBegan(Stage stage) {
            done = 0;
            lines.begin(stage.title());
        }

        @Override
        public void caseBegan(Stage stage, Case subject) {
            lines.progress(done + "/" + stage.cases().size() + " " + subject.title());
        }

        @Override
        public void caseEnded(CaseResult result) {
            done++;
        }

        @Override
        public void stageEnded(Stage stage, Tally tally, long nanos) {
            lines.progress(tally.toString());
            if (tally.failed() > 0) {
                lines.fail("");
            } else if (tally.passed() == 0) {
                lines.skip("");
            } else {
                lines.succeed(nanos);
            }
        }

        @Override
        public void ended(SuiteReport report) {
            tally = report.tally();
            out.println();
            report.loss().ifPresent(loss -> {
                out.println(terminal.paint(Colour.BAD, loss + "; the cases behind it were not run"));
                out.println();
            });
            table(report).print(out, "");
            report.failures().forEach(this::explain);
            out.println();
            out.println(verdict(report) + " in " + StageLines.duration(report.hostNanos()) + " (" + StageLines.duration(report.linkNanos())
                    + " of device time)");
        }

        private Table table(SuiteReport report) {
            Table table = new Table("STAGE", "PASSED", "FAILED", "UNOBSERVABLE", "SKIPPED", "DEVICE TIME", "HOST TIME");
            for (Stage stage : report.suite().stages()) {
                long device = report.of(stage).stream().mapToLong(result -> result.endNanos() - result.beginNanos()).sum();
                long host = report.of(stage).stream().mapToLong(CaseResult::hostNanos).sum();
                row(table, stage.title(), Tally.of(report.of(stage)), device, host);
            }
            row(table, "all", tally, report.linkNanos(), report.hostNanos());
            return table;
        }

        private void row(Table table, String title, Tally counts, long device, long host) {
            String failed = counts.failed() == 0 ? "0" : terminal.paint(Colour.BAD, String.valueOf(counts.failed()));
            table.row(title, String.valueOf(counts.passed()), failed, String.valueOf(counts.unobservable()),
                    String.valueOf(counts.skipped()),
                    StageLines.duration(device), StageLines.duration(host));
        }

        private void explain(CaseResult failure) {
            out.println();
            out.println(terminal.paint(Colour.BAD, "failed") + "  " + failure.subject().id() + ": " + failure.subject().title());
            out.println("  rule:  " + failure.subject().rule().text() + " (" + failure.subject().rule().source() + ")");
            out.println("  " + failure.outcome().remark());
        }

        private String verdict(SuiteReport report) {
            return report.good()
                    ? terminal.paint(Colour.GOOD, report.tally().toString())
                    : terminal.paint(Colour.BAD, report.tally().toString());
        }
    }
}
