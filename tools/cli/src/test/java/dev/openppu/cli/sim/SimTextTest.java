package dev.openppu.cli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.console.Terminal;
import dev.openppu.harness.sim.FaultProfile;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.LifeSpec;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Violation;
import dev.openppu.harness.sim.work.Workload;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people see of a life that failed. */
class SimTextTest {
    @Test
    void aFailureTellsTheRuleWhereItStandsAndWhatWasExpectedAndSeen() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        LifeSpec spec = LifeSpec.of("zw810e", 7, FaultProfile.find("none").orElseThrow(), Workload.find("large").orElseThrow());
        Violation violation = new Violation(Invariant.CONTENTS,
                "tenant-1, in context 3: 12 LARGE_IN of buffer 0x209000: byte 5 of 9 is 0x01",
                "0x02", null);
        new SimText(new Terminal(stream, stream, false, false, true), 1)
                .ended(new LifeResult(spec, Optional.of(violation), List.of(), 0, 0, 1, 0));
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactly("failed  seed 7, contents",
                "  rule:     what comes back is what was computed (docs/simulation.md, lives and campaigns, invariant contents)",
                "  expected: 0x02",
                "  seen:     tenant-1, in context 3: 12 LARGE_IN of buffer 0x209000: byte 5 of 9 is 0x01",
                "  faults:   none",
                "  again:    ppu sim --seeds 7 --faults none --workload large");
    }
}
