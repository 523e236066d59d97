package dev.openppu.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.openppu.hal.LinkIdentity;
import dev.openppu.hal.Observable;
import dev.openppu.hal.Unobservable;
import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.cover.LinkCoverage;
import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.harness.timeline.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reports of a made-up run in which every outcome occurs and every text wants to break out of its format. */
class ReportTest {
    private static final String HOSTILE = "</script><b>&\"'\u0001 ]]>";

    @TempDir
    private Path directory;
    private Path trace;

    @BeforeEach
    void write() throws IOException {
        trace = directory.resolve("link.txt");
        Files.writeString(trace, "900 host early left out\n1100 host mmio-read id.magic\n1500 cp packet\n");
        new ReportDirectory(directory.resolve("report")).write(report().withDeviceEvents(trace));
    }

    @Test
    void fourFilesAndNothingElse() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("report"))) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder("report.html", "junit.xml", "report.json",
                    "trace.json");
        }
    }

    @Test
    void junitXmlCountsEveryOutcome() throws Exception {
        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(directory.resolve("report/junit.xml").toFile());
        Element suites = xml.getDocumentElement();
        assertThat(suites.getAttribute("tests")).isEqualTo("4");
        assertThat(suites.getAttribute("failures")).isEqualTo("1");
        assertThat(suites.getAttribute("skipped")).isEqualTo("2");
        NodeList failures = xml.getElementsByTagName("failure");
        assertThat(((Element) failures.item(0)).getAttribute("message")).contains("</script><b>&\"'? ]]>");
        assertThat(((Element) xml.getElementsByTagName("skipped").item(0)).getAttribute("message"))
                .isEqualTo("unobservable, because hidden");
    }

    @Test
    void theTraceHoldsSpansOfTheHostAndEventsOfTheDevice() throws IOException {
        List<String> names = new ArrayList<>();
        List<String> times = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(),
                Files.readString(directory.resolve("report/trace.json")))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("name")) {
                    names.add(json.nextStringValue());
                } else if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("ts")) {
                    json.nextToken();
                    times.add(json.getString());
                }
            }
        }
        assertThat(names).contains("process_name", "thread_name", "First stage", "mmio-read", "packet").doesNotContain("early");
        assertThat(times).contains("0.100", "0.500");
    }

    @Test
    void thePageShowsTheFailureFirstAndLetsNoTextOut() throws IOException {
        String page = Files.readString(directory.resolve("report/report.html"));
        assertThat(page).doesNotContain("<script").doesNotContain("</script><b>").doesNotContain("src=").doesNotContain("http://")
                .doesNotContain("https://");
        int failure = page.indexOf("<h2>Failures</h2>");
        assertThat(failure).isPositive().isLessThan(page.indexOf("<svg"));
        assertThat(page).contains("passed the first").contains("ppu.rdl").contains("hidden")
                .contains("<small>1 passed, 1 failed, 1 unobservable, 1 skipped</small>");
    }

    @Test
    void theJsonParsesToItsEnd() throws IOException {
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(),
                Files.readString(directory.resolve("report/report.json")))) {
            int depth = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            assertThat(depth).isZero();
        }
    }

    @Test
    void aTraceOfAnotherFormatIsNamed() throws IOException {
        Files.writeString(trace, "no time\n");
        assertThatThrownBy(() -> report().withDeviceEvents(trace)).isInstanceOf(IOException.class).hasMessageContaining("link.txt")
                .hasMessageContaining("no time");
    }

    @Test
    void everyStageIsWideEnoughToBeSeenAndTimeNeverRunsBack() {
        StageScale scale = new StageScale(
                List.of(span("a", 0, 1_000_000), span("b", 1_000_000, 1_000_010), span("c", 1_000_010, 2_000_000)), 2_000_000);
        assertThat(scale.at(0)).isZero();
        assertThat(scale.at(2_000_000)).isEqualTo(1);
        assertThat(scale.at(1_000_010) - scale.at(1_000_000)).isGreaterThan(0.15);
        double before = -1;
        for (long nanos = -5; nanos <= 2_000_005; nanos += 3) {
            assertThat(scale.at(nanos)).isGreaterThanOrEqualTo(before);
            before = scale.at(nanos);
        }
        assertThat(scale.pieces().stream().mapToDouble(p -> p.to() - p.from()).sum()).isCloseTo(1, within(1e-9));
    }

    private static Timeline.Span span(String name, long begin, long end) {
        return new Timeline.Span("stages", name, begin, end, "passed");
    }

    @Test
    void whatWasUsedIsDrawnAndCompared() throws IOException {
        assertThat(Files.readString(directory.resolve("report/report.html"))).doesNotContain("What was used");
        write("less", new LinkCoverage.OfPpu(Map.of("copy", 3L, "fill", 1L), 2, Map.of()), 1);
        write("more", new LinkCoverage.OfPpu(Map.of("copy", 4L), 0, Map.of("no-right", 1L)), 2);
        assertThat(Files.readString(directory.resolve("less/report.html"))).contains("What was used", "2 packets had been taken",
                "<tr class=\"met\"><td>copy</td><td class=\"number\">3</td></tr>", "<tr class=\"unmet\"><td>timestamp</td>");
        SuiteChange change = new SuiteChange(SuiteChange.Run.read(directory.resolve("less/report.json")),
                SuiteChange.Run.read(directory.resolve("more/report.json")));
        assertThat(change.gained()).containsExactly("page fault no-right", "field read " + RegisterFields.ofPpu().names().get(1));
        assertThat(change.lost()).containsExactly("packet fill");
        assertThat(change.worse()).isFalse();
        SuiteChange unwatched = new SuiteChange(change.before(), SuiteChange.Run.read(directory.resolve("report/report.json")));
        assertThat(unwatched.lost()).as("of a run that nobody has watched nothing is known").isEmpty();
    }

    private void write(String folder, LinkCoverage.OfPpu used, int fieldsRead) throws IOException {
        BitSet read = new BitSet();
        read.set(0, fieldsRead);
        SuiteReport plain = report();
        new ReportDirectory(directory.resolve(folder)).write(new SuiteReport(plain.suite(), plain.link(), plain.hidden(), List.of(),
                plain.timeline(), 1, 1, Optional.empty(),
                new LinkCoverage(Optional.of(RegisterFields.ofPpu()), read, new BitSet(), new BitSet(), Optional.of(used), Map.of())));
    }

    private static SuiteReport report() {
        List<Case> cases = List.of(named("s.first", "passed the first"), named("s.second", HOSTILE), named("s.third", "third"),
                named("s.fourth", "fourth"));
        Stage stage = new Stage("s", "First stage", cases);
        List<Outcome> outcomes = List.of(new Outcome.Passed(), new Outcome.Failed("good", HOSTILE), new Outcome.Unobservable("hidden"),
                new Outcome.Skipped("later"));
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            results.add(new CaseResult(stage, cases.get(i), outcomes.get(i), 10L * i, 10L * i + 10, 5, List.of(HOSTILE)));
        }
        return new SuiteReport(new Suite("made-up", "Made up", List.of(stage)), new LinkIdentity("model:x", "0000:01:00.0", HOSTILE, true),
                List.of(new Unobservable(Observable.MSIX_MASKING, HOSTILE)), results,
                new Timeline(1000, List.of(span("First stage", 0, 40), new Timeline.Span("cases", HOSTILE, 0, 10, "passed")), List.of()),
                600, 700, Optional.empty(), LinkCoverage.NONE);
    }

    private static Case named(String id, String title) {
        return Case.of(id, title, Rule.map("a rule"), bench -> {});
    }
}
