package dev.openppu.harness.bringup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.RegionConfigSpace;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteListener;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteRunner;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The device goes away in the middle of a suite: that is said once, and of the cases behind it none fails for it. */
class LostDeviceTest {
    private static final class GoingLink extends DefectiveLink {
        private boolean absent;
        private String told;

        GoingLink() {
            super(Links.open("model:zw810e?clock=sim&seed=1"));
        }

        @Override
        public ConfigSpace config() {
            return absent ? new RegionConfigSpace(new Trap() {
                @Override
                public long read(long offset, int bytes) {
                    return -1L >>> 64 - 8 * bytes;
                }

                @Override
                public void write(long offset, int bytes, long value) {}
            }, super.config().size()) : super.config();
        }

        @Override
        public Optional<String> lost() {
            return Optional.ofNullable(told);
        }
    }

    private final GoingLink link = new GoingLink();

    private SuiteReport run(Case.Body second) {
        Rule rule = Rule.map("it is so");
        Suite suite = new Suite("s", "S", List.of(new Stage("s", "Stage", List.of(Case.of("s.first", "First", rule, _ -> {}),
                Case.of("s.second", "Second", rule, second), Case.of("s.third", "Third", rule, _ -> {}),
                Case.of("s.fourth", "Fourth", rule, _ -> Check.equal("one", 1, 2))))));
        try (link) {
            return SuiteRunner.run(suite, link, SuiteListener.SILENT);
        }
    }

    private static List<Outcome> outcomes(SuiteReport report) {
        return report.results().stream().map(result -> result.outcome()).toList();
    }

    @Test
    void whatTheLinkKnowsOfItIsTheCasesOutcome() {
        SuiteReport report = run(_ -> link.told = "its server was killed");
        String loss = "the device was lost in s.second: its server was killed";
        assertThat(report.loss()).hasToString("Optional[" + loss + "]");
        assertThat(outcomes(report)).containsExactly(new Outcome.Passed(),
                new Outcome.Failed("the device stays", "it was lost: its server was killed"), new Outcome.Skipped(loss),
                new Outcome.Skipped(loss));
        assertThat(report.good()).isFalse();
    }

    @Test
    void aDeviceThatIsPulledOutReadsAsAllOnes() {
        SuiteReport report = run(_ -> {
            link.absent = true;
            Check.equal("two", 2, 3);
        });
        assertThat(report.loss()).hasValueSatisfying(loss -> assertThat(loss.during().id()).isEqualTo("s.second"));
        assertThat(outcomes(report)).element(1).isInstanceOfSatisfying(Outcome.Failed.class,
                failed -> assertThat(failed.remark()).contains("two"));
        assertThat(outcomes(report).subList(2, 4)).allMatch(Outcome.Skipped.class::isInstance);
    }

    @Test
    void oneThatIsBeingResetComesBack() {
        SuiteReport report = run(_ -> {
            link.reset(ResetKind.FUNCTION_LEVEL);
            assertThat(link.config().read32(0)).as("not ready").isEqualTo(-1);
            Check.equal("two", 2, 3);
        });
        assertThat(report.loss()).isEmpty();
        assertThat(outcomes(report)).extracting(Outcome::word).containsExactly("passed", "failed", "passed", "failed");
    }
}
