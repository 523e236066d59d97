package dev.openppu.harness.report;

import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.timeline.Timeline;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A report's timeline in the Trace Event Format (JSON), which Perfetto and chrome://tracing open: process 1 is the host (a thread a track of spans), process 2
 * the device (a thread for each of its parts).
 */
public final class PerfettoTrace {
    private static final int HOST = 1;
    private static final int DEVICE = 2;

    private PerfettoTrace() {}

    public static void write(SuiteReport report, Writer out) {
        write(report.timeline(), report.suite().title(), report.link().description(), out);
    }

    /**
     * @param host what ran there
     * @param device what it is
     */
    public static void write(Timeline timeline, String host, String device, Writer out) {
        Map<String, Integer> hostThreads = numbered(timeline.spans().stream().map(Timeline.Span::track));
        Map<String, Integer> deviceThreads = numbered(timeline.marks().stream().map(Timeline.Mark::track));
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("displayTimeUnit", "ns");
            json.writeArrayPropertyStart("traceEvents");
            names(json, HOST, "host: " + host, hostThreads);
            names(json, DEVICE, "device: " + device, deviceThreads);
            for (Timeline.Span span : timeline.spans()) {
                begin(json, span.name(), "X", span.kind(), HOST, hostThreads.getOrDefault(span.track(), 0), span.begin());
                micros(json, "dur", Math.max(0, span.end() - span.begin()));
                json.writeEndObject();
            }
            for (Timeline.Mark mark : timeline.marks()) {
                begin(json, mark.kind(), "i", mark.track(), DEVICE, deviceThreads.getOrDefault(mark.track(), 0), mark.at());
                json.writeStringProperty("s", "t");
                json.writeObjectPropertyStart("args");
                json.writeStringProperty("detail", mark.detail());
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static Map<String, Integer> numbered(Stream<String> tracks) {
        List<String> distinct = tracks.distinct().toList();
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (String track : distinct) {
            numbers.put(track, numbers.size() + 1);
        }
        return numbers;
    }

    private static void names(JsonGenerator json, int process, String name, Map<String, Integer> threads) {
        name(json, "process_name", process, 0, name);
        threads.forEach((thread, number) -> name(json, "thread_name", process, number, thread));
    }

    private static void name(JsonGenerator json, String what, int process, int thread, String name) {
        begin(json, what, "M", "__metadata", process, thread, 0);
        json.writeObjectPropertyStart("args");
        json.writeStringProperty("name", name);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void begin(JsonGenerator json, String name, String phase, String category, int process, int thread, long nanos) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("ph", phase);
        json.writeStringProperty("cat", category);
        json.writeNumberProperty("pid", process);
        json.writeNumberProperty("tid", thread);
        micros(json, "ts", nanos);
    }

    /** The format counts microseconds; three decimals keep the nanoseconds. */
    private static void micros(JsonGenerator json, String name, long nanos) {
        json.writeNumberProperty(name, BigDecimal.valueOf(nanos, 3));
    }
}
