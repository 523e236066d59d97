package dev.openppu.cli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.console.Terminal;
import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.SoakFailure;
import dev.openppu.harness.sim.SoakSpec;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.Workload;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The first screen of a soak that failed. */
class SoakTextTest {
    @Test
    void aFailureSaysTheRuleItsSourceWhatWasExpectedAndWhatWasSeen() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        SoakSpec spec = new SoakSpec("zw810e", 5, FaultProfile.find("none").orElseThrow(), Optional.empty(), Duration.ofSeconds(1),
                Path.of("/nowhere"));
        new SoakText(new Terminal(stream, stream, false, false, true)).print(new SoakFailure(3, Workload.all().getFirst(),
                new Violation(Invariant.CONTENTS, "tenant 1, context 4: byte 7 is 0x00", "byte 7 is 0x5a", null), List.of(),
                List.of("tenant 1: copy"), List.of(), List.of(), Optional.empty()), spec);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("failed  round 3 (").contains(
                "  rule:       what comes back is what was computed (docs/simulation.md, lives and campaigns, invariant contents)\n",
                "  expected:   byte 7 is 0x5a\n", "  seen:       tenant 1, context 4: byte 7 is 0x00\n", "  under way:  tenant 1: copy\n",
                "  threads:    no dump could be written to the folder /nowhere\n", "  like this:  ppu soak --work-seed 5 --faults none");
    }
}
