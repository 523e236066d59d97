package dev.openppu.cli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One life, drawn. */
class ExplainTest {
    private static final String[] LIFE = {"sim", "--seeds", "4", "--faults", "none", "--script", "completion-lost@20", "--explain"};

    @TempDir
    private Path folder;

    private static Shell run(String... more) {
        String[] all = Arrays.copyOf(LIFE, LIFE.length + more.length);
        System.arraycopy(more, 0, all, LIFE.length, more.length);
        return Shell.run(all);
    }

    @Test
    void theFaultIsMarkedWhereItStruckBetweenHostAndDevice() {
        Shell shell = run("--events", "120");
        assertThat(shell.status()).isZero();
        assertThat(shell.out().lines().filter(line -> line.contains("FAULT completion-lost@20:1: "))).singleElement().asString()
                .contains("\u2717").contains("a packet ends, and its signal is not counted down");
        assertThat(shell.out()).contains("tenant-0 (host)").containsPattern("write queue\\[\\d+]\\.ring = ").containsPattern(" events\n")
                .containsPattern("\\d+ [a-z-]+").contains("packet starts: queue");
        assertThat(run("--events", "120").out()).as("the same seed, the same picture").isEqualTo(shell.out());
    }

    @Test
    void aPageWithoutExternalPartsAndATraceAreWritten() throws IOException {
        assertThat(run("--out", folder.resolve("explained").toString()).out()).contains("explain.html");
        String page = Files.readString(folder.resolve("explained/explain.html"));
        assertThat(page).contains("FAULT completion-lost@20:1").contains("<svg class=\"lanes\"").contains("</html>")
                .doesNotContainPattern("(src|href)=\"(?!trace.json)").doesNotContain("url(").doesNotContain("@import");
        JsonNode trace = Shell.json(Files.readString(folder.resolve("explained/trace.json")));
        assertThat(trace.get("traceEvents").valueStream().filter(event -> event.path("ph").asString().equals("X"))
                .map(event -> event.get("name").asString())).as("steps").hasSizeGreaterThan(150);
    }

    @Test
    void programsGetEventsWithTheirNumbers() {
        JsonNode last = run("--json").out().lines().map(Shell::json).toList().getLast();
        assertThat(last.get("type").asString()).isEqualTo("explanation");
        assertThat(last.get("last").valueStream().map(event -> event.get("kind").asString())).contains("strikes");
    }

    @Test
    void onlyOneLifeIsDrawn() {
        Shell shell = Shell.run("sim", "--seeds", "1..2", "--explain");
        assertThat(shell.status()).isEqualTo(2);
        assertThat(shell.err()).contains("give one seed").hasLineCount(1);
    }
}
