package dev.openppu.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A campaign's lives in files, as a user writes and reads them. */
class CampaignFilesTest {
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("campaign.jsonl");
    }

    private static Shell sim(Path out, String seeds, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("sim", "--seeds", seeds, "--faults", "benign", "--workload", "copies", "--threads", "1", "--out", out.toString()));
        arguments.addAll(List.of(more));
        return Shell.run(arguments.toArray(String[]::new));
    }

    @Test
    void sharesAreLivedApartAndPutTogether() throws IOException {
        Path other = folder.resolve("other.jsonl");
        assertThat(sim(file, "1..4", "--shard", "1/2").status()).isZero();
        assertThat(Shell.run("report", "merge", file.toString()).status()).isEqualTo(1);
        assertThat(Shell.run("report", "merge", file.toString()).out()).contains("missing  seeds 2, 4");
        assertThat(sim(other, "1..4", "--shard", "2/2").status()).isZero();
        Path merged = folder.resolve("merged.jsonl");
        Shell merge = Shell.run("report", "merge", other.toString(), file.toString(), "--out", merged.toString());
        assertThat(merge.out()).contains("4 of 4 seeds, 0 failed, 0 missing");
        assertThat(merge.status()).isZero();
        sim(folder.resolve("whole.jsonl"), "1..4");
        assertThat(merged).as("shares together are the whole, byte for byte").hasSameTextualContentAs(folder.resolve("whole.jsonl"));
    }

    @Test
    void whatIsThereIsNotLivedAgain() throws IOException {
        sim(file, "1..2");
        String two = Files.readString(file);
        Files.writeString(file, two.substring(0, two.length() - 20));
        Shell again = sim(file, "1..2", "--resume");
        assertThat(again.status()).isZero();
        assertThat(again.out()).contains("1 lives were in the file already, 0 of them failed").contains("1 lives, 0 failed");
        assertThat(Files.readString(file)).isEqualTo(two);
        JsonNode summary = sim(file, "1..2", "--resume", "--json").out().lines().map(Shell::json).toList().getLast();
        assertThat(summary.get("lives").asInt()).isZero();
        assertThat(summary.get("livesBefore").asInt()).isEqualTo(2);
    }

    @Test
    void aLifeThatFailedBeforeStillCounts() throws IOException {
        sim(file, "1..2");
        Files.writeString(file, Files.readString(file).replaceFirst("\"passed\":true",
                "\"passed\":false,\"invariant\":\"contents\",\"rule\":\"r\",\"source\":\"d\",\"expected\":\"e\",\"seen\":\"s\",\"again\":\"ppu sim --seeds 1\""));
        assertThat(sim(file, "1..2", "--resume").status()).isEqualTo(1);
        Shell merge = Shell.run("report", "merge", file.toString());
        assertThat(merge.status()).isEqualTo(1);
        assertThat(merge.out())
                .contains("failed  seed 1, contents\n  rule:     r (d)\n  expected: e\n  seen:     s\n  again:    ppu sim --seeds 1\n");
        Path other = folder.resolve("other.jsonl");
        sim(other, "1..2");
        Shell both = Shell.run("report", "merge", file.toString(), other.toString(), "--json");
        assertThat(both.status()).isEqualTo(1);
        assertThat(both.out().lines().map(Shell::json).map(line -> line.get("type").asString())).containsExactly("failure", "disagreement",
                "summary");
    }

    @Test
    void aReportIsOnePageWithFailuresFirstAndEmptyCellsVisible() throws IOException {
        sim(file, "1..3");
        Files.writeString(file, Files.readString(file).replaceFirst("\"passed\":true",
                "\"passed\":false,\"invariant\":\"contents\",\"rule\":\"r <b>\",\"source\":\"d\",\"expected\":\"e\",\"seen\":\"s\",\"again\":\"ppu sim --seeds 1\""));
        Path report = folder.resolve("report");
        assertThat(Shell.run("report", "merge", file.toString(), "--report", report.toString()).status()).isEqualTo(1);
        String page = Files.readString(report.resolve("report.html"));
        assertThat(page).doesNotContain("<b>\"").doesNotContainPattern("(src|href)=\"(?!report.json|junit.xml)").doesNotContain("url(")
                .doesNotContain("@import");
        assertThat(page.indexOf("ppu sim --seeds 1 --explain")).isBetween(0, page.indexOf("class=\"heat\""));
        assertThat(page).contains("r &lt;b&gt; <cite>d</cite>", "<dt>expected</dt><dd>e</dd>").contains("class=\"empty\"")
                .containsPattern("--heat:\\d+%").contains("boot.status").contains("</html>");
        JsonNode json = Shell.json(Files.readString(report.resolve("report.json")));
        assertThat(json.get("lives").asInt()).isEqualTo(3);
        assertThat(json.get("failures").get(0).get("seed").asInt()).isEqualTo(1);
        assertThat(json.get("packets").get("copy").asInt()).isPositive();
        assertThat(Files.readString(report.resolve("junit.xml"))).contains("tests=\"3\"").contains("failures=\"1\"")
                .contains("name=\"seed 1\"");
    }

    @Test
    void anotherCampaignIsRefusedWithOneMessage() {
        sim(file, "1..1");
        Shell other = sim(file, "1..2", "--resume");
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.out()).isEmpty();
        assertThat(other.err()).contains("seeds 1, not 1..2").hasLineCount(1);
        Path second = folder.resolve("second.jsonl");
        sim(second, "2..2");
        Shell merge = Shell.run("report", "merge", file.toString(), second.toString());
        assertThat(merge.status()).isEqualTo(2);
        assertThat(merge.err()).contains("is of another campaign").hasLineCount(1);
        assertThat(sim(file, "1..1").err()).contains("--resume goes on with it").hasLineCount(1);
    }

    @Test
    void anOutputThatCannotBeWrittenIsSaidBeforeAnyLife() throws IOException {
        for (Path where : List.of(folder, folder.resolve("no/such/folder"))) {
            Shell shell = sim(where, "1..1");
            assertThat(shell.status()).isEqualTo(2);
            assertThat(shell.out()).isEmpty();
            assertThat(shell.err()).contains(where.toString()).hasLineCount(1);
        }
        assertThat(Shell.run("sim", "--resume").err()).contains("name it by --out").hasLineCount(1);
        assertThat(Shell.run("report", "merge", folder.resolve("none").toString()).err()).contains("no such file").hasLineCount(1);
        Files.writeString(file, "");
        assertThat(Shell.run("report", "merge", file.toString()).err()).contains("no whole line").hasLineCount(1);
    }

    @Test
    @EnabledIf("hasFullDevice")
    void aFullDiskEndsTheCampaignWithOneMessage() {
        Shell shell = sim(Path.of("/dev/full"), "1..1");
        assertThat(shell.status()).isEqualTo(1);
        assertThat(shell.err()).contains("cannot write to /dev/full").contains("No space left").hasLineCount(1);
    }

    static boolean hasFullDevice() {
        return Files.exists(Path.of("/dev/full"));
    }
}
