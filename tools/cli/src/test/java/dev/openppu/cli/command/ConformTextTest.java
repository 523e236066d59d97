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
import dev.openppu.harness.cover.Coverage;
import dev.openppu.harness.cover.LinkCoverage;
import dev.openppu.harness.cover.RegisterFields;
import dev.openppu.harness.timeline.Timeline;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConformTextTest {
    private static final Case ONE = Case.of("s.one", "One", Rule.map("it is so"), _ -> {});
    private static final Stage STAGE = new Stage("s", "Stage", List.of(ONE));
    private static final Suite SUITE = new Suite("suite", "Suite", List.of(STAGE));

    private static SuiteReport report(String uri, Outcome outcome, Optional<DeviceLoss> loss) {
        return report(uri, outcome, loss, LinkCoverage.NONE);
    }

    private static SuiteReport report(String uri, Outcome outcome, Optional<DeviceLoss> loss, LinkCoverage coverage) {
        return new SuiteReport(SUITE, new LinkIdentity(uri, "", "", true), List.of(),
                List.of(new CaseResult(STAGE, ONE, outcome, 0, 1, 2, List.of())), new Timeline(0, List.of(), List.of()), 1, 2, loss,
                coverage);
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
                .contains("A: skipped: the device has none (s.one)\n").doesNotContain("used:");
    }

    @Test
    void oneDeviceEndsWithItsResultsAndSeveralWithHowTheyCompare() {
        SuiteReport passed = report("a:", new Outcome.Passed(), Optional.empty());
        assertThat(printed(passed)).endsWith("\n1 passed, 0 failed, 0 unobservable, 0 skipped\n").doesNotContain("alike");
        assertThat(printed(passed, report("b:", new Outcome.Skipped("the device has none"), Optional.empty())))
                .endsWith("\n0 cases alike, 0 different, 1 seen on some devices only, 0 on none\n");
    }

    @Test
    void howMuchOfADeviceWasUsedIsSaid() {
        RegisterFields fields = RegisterFields.ofPpu();
        BitSet two = BitSet.valueOf(new long[]{0b101});
        LinkCoverage coverage = new LinkCoverage(Optional.of(fields), two, new BitSet(), new BitSet(),
                Optional.of(new LinkCoverage.OfPpu(Map.of(Coverage.PACKETS.getFirst(), 3L, "unknown to all", 1L), 0, Map.of())),
                Map.of(LinkCoverage.RESETS.getLast(), 1L));
        assertThat(printed(report("a:", new Outcome.Passed(), Optional.empty()),
                report("b:", new Outcome.Passed(), Optional.empty(), coverage))).contains(
                        "\nB used: 2 of %d register fields read, 0 written, 0 with every bit at 0 and at 1; 1 of %d kinds of packets; 0 of %d reasons of page faults; 1 of %d kinds of resets\n"
                                .formatted(fields.names().size(), Coverage.PACKETS.size(), Coverage.PAGE_FAULTS.size(),
                                        LinkCoverage.RESETS.size()))
                .doesNotContain("A used:");
    }
}
