package dev.openppu.cli.command;

import dev.openppu.cli.console.Json;
import dev.openppu.driver.BringUpListener;
import dev.openppu.driver.BringUpStage;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInfo;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.DeviceLoss;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.Tally;

import java.io.PrintStream;
import java.nio.file.Path;

/** A bring-up for programs: an object a line, as things happen. */
final class BringupJson implements BringupOutput {
    private final PrintStream out;

    BringupJson(PrintStream out) {
        this.out = out;
    }

    @Override
    public void opened(LinkIdentity link) {
        Json.line(out, Json.object("event", "opened", "uri", link.uri(), "address", link.address(), "description", link.description()));
    }

    @Override
    public void up(PpuInfo info) {
        Json.line(out, Json.object("event", "up", "device", InfoDocument.of(info)));
    }

    @Override
    public void reported(Path page) {
        Json.line(out, Json.object("event", "report", "page", page.toString()));
    }

    @Override
    public BringUpListener bringUp() {
        return new BringUpListener() {
            @Override
            public void began(BringUpStage stage, long nanos) {
                Json.line(out, Json.object("event", "stageBegan", "stage", stage.name(), "nanos", nanos));
            }

            @Override
            public void detail(BringUpStage stage, String detail) {
                Json.line(out, Json.object("event", "detail", "stage", stage.name(), "detail", detail));
            }

            @Override
            public void ended(BringUpStage stage, long nanos) {
                Json.line(out, Json.object("event", "stageEnded", "stage", stage.name(), "nanos", nanos));
            }

            @Override
            public void failed(BringUpStage stage, long nanos, PpuException failure) {
                Json.line(out, Json.object("event", "stageFailed", "stage", stage.name(), "nanos", nanos, "message", failure.getMessage()));
            }
        };
    }

    @Override
    public SuiteListener suite() {
        return new SuiteListener() {
            @Override
            public void caseEnded(CaseResult result) {
                Json.line(out,
                        Json.object("event", "case", "stage", result.stage().id(), "case", result.subject().id(), "outcome",
                                result.outcome().word(),
                                "remark", result.outcome().remark(), "beginNanos", result.beginNanos(), "endNanos", result.endNanos(),
                                "notes", result.notes()));
            }

            @Override
            public void ended(SuiteReport report) {
                Tally tally = report.tally();
                Json.line(out,
                        Json.object("event", "summary", "suite", report.suite().id(), "good", report.good(), "lost",
                                report.loss().map(DeviceLoss::toString).orElse(null), "passed", tally.passed(),
                                "failed",
                                tally.failed(), "unobservable", tally.unobservable(), "skipped", tally.skipped(), "linkNanos",
                                report.linkNanos(), "hostNanos",
                                report.hostNanos()));
            }
        };
    }
}
