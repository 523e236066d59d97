package dev.openppu.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two campaigns, or two runs of a suite, side by side. */
class CompareCommandTest {
    private static final String SUITE = """
            {"suite":"s","link":"%s","cases":[{"id":"a","title":"A","outcome":"passed"},
            {"id":"b","title":"B","outcome":"%s","rule":"r","source":"d","expected":"1","seen":"2","again":"ppu conform --case b"}]}""";

    @TempDir
    private Path folder;

    private Path campaign(String name, String seeds, String workload) {
        Path report = folder.resolve(name);
        Shell sim = Shell.run("sim", "--seeds", seeds, "--faults", "benign", "--workload", workload, "--threads", "1", "--report",
                report.toString());
        assertThat(sim.status()).as(sim.err()).isZero();
        assertThat(sim.out()).contains("page:  " + report.resolve("report.html"));
        return report;
    }

    private static void fail(Path report, int seed) throws IOException {
        Path file = report.resolve("campaign.jsonl");
        Files.writeString(file, Files.readString(file).replace("\"seed\":" + seed + ",\"passed\":true",
                "\"seed\":" + seed
                        + ",\"passed\":false,\"invariant\":\"contents\",\"rule\":\"R\",\"source\":\"D\",\"expected\":\"E\",\"seen\":\"S\",\"again\":\"ppu sim --seeds "
                        + seed + "\""));
    }

    @Test
    void aCampaignIsReportedWithTheLinesOfItsLivesBesideIt() {
        Path report = campaign("report", "1..2", "copies");
        assertThat(report.resolve("report.html")).content().contains("<html").doesNotContain("http://", "https://");
        assertThat(report.resolve("junit.xml")).content().contains("tests=\"2\"");
        assertThat(Shell.json(read(report.resolve("report.json"))).get("lives").asInt()).isEqualTo(2);
        assertThat(campaign("report", "1..2", "copies").resolve("campaign.jsonl")).as("anew, not appended to").content().hasLineCount(3);
    }

    /** As a kill leaves it. */
    private static void cut(Path report, int lives) throws IOException {
        Path file = report.resolve("campaign.jsonl");
        Files.write(file, Files.readAllLines(file).subList(0, 1 + lives));
    }

    @Test
    void livesOfAKilledOrAnotherCampaignAreNotReplaced() throws IOException {
        Path report = campaign("killed", "1..3", "copies");
        cut(report, 2);
        String[] same = {"sim", "--seeds", "1..3", "--faults", "benign", "--workload", "copies", "--threads", "1", "--report",
            report.toString()};
        Shell again = Shell.run(same);
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).hasLineCount(1).contains("campaign.jsonl: 2 of the 3 lives", "--resume");
        assertThat(report.resolve("campaign.jsonl")).content().hasLineCount(3);
        Shell other = Shell.run("sim", "--seeds", "1..2", "--report", report.toString());
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).hasLineCount(1).contains("another campaign's report", "another folder");
        String[] resumed = java.util.Arrays.copyOf(same, same.length + 1);
        resumed[same.length] = "--resume";
        assertThat(Shell.run(resumed).status()).isZero();
        assertThat(report.resolve("campaign.jsonl")).content().hasLineCount(4);
    }

    @Test
    void livesThatAreMissingAreToldAndWorse() throws IOException {
        Path full = campaign("full", "1..5", "copies");
        Path part = campaign("part", "1..5", "copies");
        cut(part, 2);
        Shell worse = Shell.run("report", "compare", full.toString(), part.toString());
        assertThat(worse.status()).isEqualTo(1);
        assertThat(worse.out()).contains("not lived     seeds 3..5");
        JsonNode summary = Shell.json(Shell.run("report", "compare", full.toString(), part.toString(), "--json").out().strip());
        assertThat(summary.get("worse").asBoolean()).isTrue();
        assertThat(summary.get("missing").valueStream().map(JsonNode::asString)).containsExactly("3..5");
        assertThat(Shell.run("report", "compare", part.toString(), full.toString()).status()).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatFailsNewlyIsWorseAndWhatPassesAgainIsNot() throws IOException {
        Path good = campaign("good", "1..3", "copies");
        Path bad = campaign("bad", "1..3", "copies");
        fail(bad, 2);
        Shell worse = Shell.run("report", "compare", good.toString(), bad.toString());
        assertThat(worse.status()).isEqualTo(1);
        assertThat(worse.out()).contains("failing now  seed 2, contents", "rule:     R (D)", "expected: E", "seen:     S",
                "again:    ppu sim --seeds 2",
                "1 newly failing, 0 passing again, 0 failing still");
        Shell better = Shell.run("report", "compare", bad.toString(), good.toString());
        assertThat(better.status()).isZero();
        assertThat(better.out()).contains("passes again  seed 2");
        assertThat(Shell.run("report", "compare", bad.toString(), bad.toString()).out()).contains("fails still   seed 2");
    }

    @Test
    void whatIsUsedNoMoreIsNamed() {
        Path kernels = campaign("kernels", "1..2", "kernels");
        Path copies = campaign("copies", "1..2", "copies");
        assertThat(Shell.run("report", "compare", kernels.toString(), copies.toString()).out())
                .containsPattern("used no more  fault .* during kernel")
                .contains("other lives   workload copies, not kernels: a seed does not mean");
        JsonNode summary = Shell.json(Shell.run("report", "compare", copies.toString(), kernels.toString(), "--json").out().strip());
        assertThat(summary.get("worse").asBoolean()).isFalse();
        assertThat(summary.get("otherLives").asString()).isEqualTo("workload kernels, not copies");
        assertThat(summary.get("gained").valueStream().map(JsonNode::asString)).anyMatch(each -> each.endsWith("during kernel"));
    }

    @Test
    void suitesAreComparedCaseByCase() throws IOException {
        Path model = Files.writeString(folder.resolve("model.json"), SUITE.formatted("model:x", "passed"));
        Path other = Files.writeString(folder.resolve("native.json"), SUITE.formatted("native:y", "failed"));
        Shell worse = Shell.run("report", "compare", model.toString(), other.toString());
        assertThat(worse.status()).isEqualTo(1);
        assertThat(worse.out()).contains("b: failed, was passed", "rule:     r (d)", "expected: 1", "seen:     2",
                "again:    ppu conform --case b",
                "1 of 2 cases ended otherwise on native:y than on model:x");
        assertThat(Shell.run("report", "compare", other.toString(), model.toString()).status()).isZero();
        Files.writeString(other, "{\"suite\":\"s\",\"link\":\"native:y\",\"cases\":[]}");
        assertThat(Shell.run("report", "compare", model.toString(), other.toString()).out()).contains("worse  a: not run, was passed",
                "0 of 0 cases ended otherwise on native:y than on model:x; 2 ran before only;");
    }

    @Test
    void theReportOfAMergeIsACampaignsLikeAnyOther() {
        Path whole = campaign("whole", "1..3", "copies");
        Path merged = folder.resolve("merged");
        assertThat(Shell.run("report", "merge", whole.resolve("campaign.jsonl").toString(), "--report", merged.toString()).status())
                .isZero();
        Shell compared = Shell.run("report", "compare", whole.toString(), merged.toString());
        assertThat(compared.status()).isZero();
        assertThat(compared.out()).contains("0 newly failing, 0 passing again").doesNotContain("other lives");
    }

    @Test
    void whatCannotBeComparedIsSaidInOneLine() throws IOException {
        Path suite = Files.writeString(folder.resolve("suite.json"), SUITE.formatted("model:x", "passed"));
        Path empty = Files.writeString(folder.resolve("empty.json"), "{}");
        Path campaign = Files.writeString(folder.resolve("c.jsonl"), "x\n");
        assertThat(Shell.run("report", "compare", suite.toString(), campaign.toString()).err()).contains("give two of a kind");
        assertThat(Shell.run("report", "compare", suite.toString(), empty.toString()).err()).contains("no report of a suite")
                .hasLineCount(1);
        assertThat(Shell.run("report", "compare", campaign.toString(), campaign.toString()).err()).hasLineCount(1);
        Path list = Files.writeString(folder.resolve("list.json"), "[]");
        assertThat(Shell.run("report", "compare", suite.toString(), list.toString()).err())
                .contains(list + ": this is a list, not an object; this is no report of a suite");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\n\"suite\": x}");
        assertThat(Shell.run("report", "compare", suite.toString(), broken.toString()).err()).contains(broken + ": this is no JSON, line 2")
                .hasLineCount(1);
        Path binary = Files.write(folder.resolve("binary.json"), new byte[]{(byte) 0xff, (byte) 0xfe, 0});
        Shell undecodable = Shell.run("report", "compare", suite.toString(), binary.toString());
        assertThat(undecodable.err()).contains(binary + ":1: this is no UTF-8 text").hasLineCount(1);
        assertThat(undecodable.status()).isEqualTo(2);
        assertThat(Shell.run("report", "compare", suite.toString(), folder.resolve("none").toString()).status()).isEqualTo(2);
    }
}
