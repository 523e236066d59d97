package dev.openppu.harness.report;

import dev.openppu.hal.Unobservable;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.Tally;
import java.io.Writer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A report as one JSON object: {@code suite, link, good, lost (only if it was), tally, hidden, cases, coverage (only if somebody has watched)}. Times are nanoseconds. */
public final class JsonReport {
    private JsonReport() {}

    public static void write(SuiteReport report, Writer out) {
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("suite", report.suite().id());
            json.writeStringProperty("link", report.link().uri());
            json.writeStringProperty("description", report.link().description());
            json.writeBooleanProperty("good", report.good());
            if (report.loss().isPresent()) {
                json.writeStringProperty("lost", report.loss().get().toString());
            }
            json.writeNumberProperty("linkNanos", report.linkNanos());
            json.writeNumberProperty("hostNanos", report.hostNanos());
            tally(json, report.tally());
            json.writeArrayPropertyStart("hidden");
            for (Unobservable hidden : report.hidden()) {
                json.writeStartObject();
                json.writeStringProperty("what", hidden.what().name());
                json.writeStringProperty("because", hidden.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("cases");
            report.results().forEach(result -> result(json, report, result));
            json.writeEndArray();
            new CoverageSection(report.coverage()).json(json);
            json.writeEndObject();
        }
    }

    private static void tally(JsonGenerator json, Tally tally) {
        json.writeObjectPropertyStart("tally");
        json.writeNumberProperty("passed", tally.passed());
        json.writeNumberProperty("failed", tally.failed());
        json.writeNumberProperty("unobservable", tally.unobservable());
        json.writeNumberProperty("skipped", tally.skipped());
        json.writeEndObject();
    }

    private static void result(JsonGenerator json, SuiteReport report, CaseResult result) {
        json.writeStartObject();
        json.writeStringProperty("id", result.subject().id());
        json.writeStringProperty("stage", result.stage().id());
        json.writeStringProperty("title", result.subject().title());
        json.writeStringProperty("rule", result.subject().rule().text());
        json.writeStringProperty("source", result.subject().rule().source());
        json.writeStringProperty("outcome", result.outcome().word());
        switch (result.outcome()) {
            case Outcome.Passed _ -> {
            }
            case Outcome.Failed(String expected, String seen) -> {
                json.writeStringProperty("expected", expected);
                json.writeStringProperty("seen", seen);
            }
            case Outcome.Unobservable(String because) -> json.writeStringProperty("because", because);
            case Outcome.Skipped(String because) -> json.writeStringProperty("because", because);
        }
        if (result.failed()) {
            json.writeStringProperty("alone", report.repeat(result).alone().word());
            if (!report.repeat(result).because().isEmpty()) {
                json.writeStringProperty("notTriedBecause", report.repeat(result).because());
            }
        }
        json.writeStringProperty("again", report.again(result));
        json.writeNumberProperty("beginNanos", result.beginNanos());
        json.writeNumberProperty("endNanos", result.endNanos());
        json.writeNumberProperty("hostNanos", result.hostNanos());
        json.writeArrayPropertyStart("notes");
        result.notes().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }
}
