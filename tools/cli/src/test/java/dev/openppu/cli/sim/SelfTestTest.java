package dev.openppu.cli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.command.Shell;
import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.planted.PlantedBugs;
import dev.openppu.harness.sim.work.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Campaigns find what was planted, and nothing where nothing was. */
class SelfTestTest {
    /** The last one makes the model itself fail, which nobody may take for a life that was not lived. */
    @ParameterizedTest
    @ValueSource(strings = {"piece-not-awaited", "barrier-ignored", "byte-store-wide"})
    void aPlantedBugIsFound(String name) throws IOException {
        var bug = PlantedBugs.find(name).orElseThrow();
        Hunt.Catch result = new Hunt(Optional.of(bug), bug.faults(), bug.workload(), 20, Optional.empty()).run();
        assertThat(result.invariant()).isEqualTo(bug.caughtBy().id());
    }

    /** The last campaign is of the same seeds without the bug: it passes. */
    @Test
    void withoutItsInvariantABugIsMissed() {
        Shell shell = Shell.run("sim", "--self-test", "--bug", "hold-left-out", "--json");
        assertThat(shell.err()).isEmpty();
        List<JsonNode> lines = shell.out().lines().map(Shell::json).toList();
        assertThat(lines.stream().map(line -> line.get("type").asString())).containsExactly("bug", "invariant-off", "no-bug", "summary");
        assertThat(lines.stream().map(line -> line.get("good").asBoolean())).containsOnly(true);
        assertThat(lines.get(0).get("invariant").asString()).isEqualTo("order");
        assertThat(lines.get(1).get("found").asBoolean()).isFalse();
        assertThat(shell.status()).isZero();
    }

    @Test
    void aBugThatIsNotFoundFailsTheTrial() {
        Hunt hunt = new Hunt(PlantedBugs.find("barrier-ignored"), FaultProfile.find("none").orElseThrow(),
                Workload.find("mixed").orElseThrow(), 1, Optional.empty());
        assertThat(new SelfTest.Trial(SelfTest.Kind.BUG, hunt, new Hunt.Catch(0, null, null, 1)).good()).isFalse();
        assertThat(new SelfTest.Trial(SelfTest.Kind.BUG, hunt, new Hunt.Catch(1, "leaks", "", 1)).good()).isFalse();
        assertThat(new SelfTest.Trial(SelfTest.Kind.NO_BUG, hunt, new Hunt.Catch(1, "leaks", "", 1)).good()).isFalse();
    }

    @Test
    void listsAndRefuses() {
        assertThat(Shell.run("sim", "--self-test", "--list").out()).contains("piece-not-awaited").contains("INVARIANT");
        Shell unknown = Shell.run("sim", "--self-test", "--bug", "butterfly");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("butterfly").hasLineCount(1);
    }
}
