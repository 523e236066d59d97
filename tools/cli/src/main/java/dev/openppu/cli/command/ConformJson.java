package dev.openppu.cli.command;

import dev.openppu.cli.console.Json;
import dev.openppu.harness.DeviceLoss;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.Tally;
import dev.openppu.harness.compare.Agreement;
import dev.openppu.harness.compare.ComparedCase;
import dev.openppu.harness.compare.Comparison;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** A comparison for programs: one object. Cases that are alike and passed are counted, all others are listed. */
final class ConformJson {
    private ConformJson() {}

    static void print(Comparison comparison, PrintStream out) {
        Json.document(out, Json.object("good", comparison.good(),
                "devices", comparison.reports().stream().map(ConformJson::device).toList(),
                "alike", comparison.cases(Agreement.ALIKE).size(),
                "different", cases(comparison, Agreement.DIFFERENT),
                "partlySeen", cases(comparison, Agreement.PARTLY_SEEN),
                "unseen", cases(comparison, Agreement.UNSEEN)));
    }

    private static Map<String, Object> device(SuiteReport report) {
        Tally tally = report.tally();
        return Json.object("uri", report.link().uri(), "description", report.link().description(), "good", report.good(),
                "lost", report.loss().map(DeviceLoss::toString).orElse(null), "passed", tally.passed(), "failed", tally.failed(),
                "unobservable", tally.unobservable(), "skipped", tally.skipped(),
                "failures", report.failures().stream()
                        .map(failure -> Json.object("case", failure.subject().id(), "remark", failure.outcome().remark(),
                                "rule", failure.subject().rule().text(), "source", failure.subject().rule().source(),
                                "alone", report.repeat(failure).alone().word(), "again", report.again(failure)))
                        .toList());
    }

    private static List<Map<String, Object>> cases(Comparison comparison, Agreement agreement) {
        return comparison.cases(agreement).stream().map(ConformJson::compared).toList();
    }

    private static Map<String, Object> compared(ComparedCase compared) {
        return Json.object("case", compared.subject().id(), "stage", compared.stage().id(), "title", compared.subject().title(),
                "rule", compared.subject().rule().text(), "source", compared.subject().rule().source(),
                "outcomes", compared.outcomes().stream()
                        .map(outcome -> Json.object("outcome", outcome.word(), "remark", outcome.remark())).toList());
    }
}
