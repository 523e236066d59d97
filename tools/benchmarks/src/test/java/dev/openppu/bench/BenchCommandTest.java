package dev.openppu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.bench.contest.Contest;
import dev.openppu.bench.contest.Entry;
import dev.openppu.bench.contest.Metric;
import dev.openppu.bench.contest.Round;
import dev.openppu.bench.contest.Target.RatioAtMost;
import dev.openppu.bench.contest.Target.Reported;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Java's value is always 3, C's 2. */
    private record Fixed() implements Contest {
        @Override
        public Round java() {
            return Round.of(16, 3);
        }

        @Override
        public double[] c() {
            return new double[]{2};
        }

        @Override
        public boolean comparable() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static final List<Entry> ENTRIES = List.of(
            new Entry(List.of(new Metric("near", "ns", new RatioAtMost(2), "meets its target")), Fixed::new),
            new Entry(List.of(new Metric("far", "ns", new RatioAtMost(1.1), "misses its target")), Fixed::new),
            new Entry(List.of(new Metric("free", "ns", new Reported(), "has none")), Fixed::new));

    /** A line with a target, on a machine without a C compiler. */
    private static final List<Entry> WITHOUT_C = List
            .of(new Entry(List.of(new Metric("lonely", "ns", new RatioAtMost(2), "has no twin")), Alone::new));

    /** Java's value is 3, C has none. */
    private record Alone() implements Contest {
        @Override
        public Round java() {
            return Round.of(16, 3);
        }

        @Override
        public double[] c() {
            throw new AssertionError("there is no C");
        }

        @Override
        public boolean comparable() {
            return false;
        }

        @Override
        public void close() {}
    }

    private int run(String... arguments) {
        return run(ENTRIES, arguments);
    }

    private int run(List<Entry> entries, String... arguments) {
        BenchCommand command = new BenchCommand((_, _) -> entries, print(out), print(err));
        return new CommandLine(command).execute(arguments);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private List<JsonNode> objects() {
        JsonMapper mapper = new JsonMapper();
        return out.toString(StandardCharsets.UTF_8).lines().map(mapper::readTree).toList();
    }

    @Test
    void aReportThatCannotBeWrittenIsRefusedBeforeAnythingIsMeasured(@TempDir Path folder) {
        assertThat(run("--quick", "--report", folder.resolve("none").resolve("x.html").toString())).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("x.html").hasLineCount(1);
    }

    @Test
    void jsonIsOneObjectALine() {
        assertThat(run("--quick", "--json")).isZero();

        List<JsonNode> objects = objects();
        assertThat(objects).hasSize(3);
        JsonNode first = objects.getFirst();
        assertThat(first.propertyNames()).containsExactly("name", "unit", "java", "c", "ratio", "target", "ok", "bytesPerOp");
        assertThat(first.get("name").asString()).isEqualTo("near");
        assertThat(first.get("ratio").asDouble()).isEqualTo(1.5);
        assertThat(first.get("target").asString()).isEqualTo("<= 2 x C");
        assertThat(first.get("ok").asBoolean()).isTrue();
        assertThat(first.get("bytesPerOp").asDouble()).isEqualTo(16);
        assertThat(objects.get(1).get("ok").asBoolean()).isFalse();
        assertThat(objects.get(2).get("target").isNull()).isTrue();
        assertThat(objects.get(2).get("ok").isNull()).isTrue();
    }

    @Test
    void checkFailsWhereATargetIsMissedAndNamesIt() {
        assertThat(run("--quick", "--check")).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("far missed its target <= 1.1 x C").doesNotContain("near missed");
    }

    @Test
    void checkIsContentWhereAllTargetsAreMet() {
        assertThat(run("--quick", "--check", "--only", "near", "--only", "free")).isZero();
    }

    @Test
    void checkCountsAndSaysWhatIsOnlyReported() {
        run("--quick", "--check");

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("1 targets met, 1 missed, 0 not measurable here").contains(
                "1 lines have no target");
    }

    @Test
    void aTargetThatCannotBeMeasuredIsNotMet() {
        assertThat(run(WITHOUT_C, "--quick", "--check")).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("lonely").contains("counts as missed").contains("1 not measurable here");
    }

    @Test
    void aJmhBenchmarkThatDoesNotExistIsOneLine() {
        assertThat(run("--jmh", "NoSuchBenchmark")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("NoSuchBenchmark").hasLineCount(1);
    }

    @Test
    void anExpressionThatIsNoneIsOneLine() {
        assertThat(run("--jmh", "(")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("regular expression").hasLineCount(1);
    }

    @Test
    void growthIsMeasuredWithoutTheLines(@TempDir Path folder) {
        Path page = folder.resolve("growth.html");

        assertThat(run("--quick", "--growth", "queues,contexts", "--report", page.toString())).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("queues: submit").contains("queues: make one")
                .contains("contexts: make one")
                .doesNotContain("near");
        assertThat(page).content().contains("queues").contains("contexts").doesNotContain("streams");
    }

    @Test
    void whatDoesNotGrowIsBadUsage() {
        assertThat(run("--growth", "grass")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("grass").contains("allocations").hasLineCount(1);
    }

    @Test
    void withoutCheckAMissedTargetIsPrintedOnly() {
        assertThat(run("--quick", "--only", "far")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("far").contains("NO").doesNotContain("near");
    }

    @Test
    void theReportIsOnePageWithAllLinesAndCurves(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("bench.html");

        assertThat(run("--quick", "--report", page.toString())).isZero();

        assertThat(page).content().contains("far").contains("misses its target").contains("contexts").contains("streams")
                .contains("allocations").contains("queues").contains("<svg").doesNotContain("http:").doesNotContain("https:")
                .doesNotContain("src=");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void aNameThatNoLineHasIsBadUsage() {
        assertThat(run("--only", "nothing")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("nothing");
    }

    @Test
    void ofSeveralNamesTheOneThatNoLineHasIsBadUsage() {
        assertThat(run("--only", "near,nothing")).isEqualTo(2);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("begins with nothing;");
    }

    @Test
    void listMeasuresNothing() {
        assertThat(run("--list", "--only", "f")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("misses its target").contains("has none").doesNotContain("near");
    }
}
