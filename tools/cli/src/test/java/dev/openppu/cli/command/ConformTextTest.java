package dev.openppu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.cli.console.Terminal;
import dev.openppu.hal.LinkIdentity;
import dev.openppu.harness.Case;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.DeviceLoss;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.compare.Comparison;
import dev.openppu.harness.cover.LinkCoverage;
import dev.openppu.harness.timeline.Timeline;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConformTextTest {
    private static final Case ONE = Case.of("s.one", "One", Rule.map("it is so"), _ -> {});
    private static final Stage STAGE = new Stage("s", "Stage", List.of(ONE));
    private static final Suite SUITE = new Suite("suite", "Suite", List.of(STAGE));

    private static SuiteReport report(String uri, Outcome outcome, Optional<DeviceLoss> loss) {
        return new SuiteReport(SUITE, new LinkIdentity(uri, "", "", true), List.of(),
                List.of(new CaseResult(STAGE, ONE, outcome, 0, 1, 2, List.of())), new Timeline(0, List.of(), List.of()), 1, 2, loss,
                LinkCoverage.NONE);
    }

    private static String printed(SuiteReport... reports) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        new ConformText(new Terminal(stream, stream, false, false, true), SUITE).print(new Comparison(SUITE, List.of(reports)));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aDeviceThatWasLostIsSaidToBeSoFirst() {
        String text = printed(report("a:", new Outcome.Passed(), Optional.empty()),
                report("b:", new Outcome.Failed("the device stays", "it was lost"),
                        Optional.of(new DeviceLoss(ONE, "its server was killed"))));
        assertThat(text.strip()).startsWith("B: the device was lost in s.one: its server was killed; the cases behind it were not run");
    }

    @Test
    void whatADeviceLacksIsSaidByReason() {
        assertThat(printed(report("a:", new Outcome.Skipped("the device has none"), Optional.empty())))
                .contains("A: skipped: the device has none (s.one)\n", "1 on none");
    }
}
