package dev.openppu.harness.registers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.LinkUri;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Outcome;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bringup.DefectRuns;
import dev.openppu.harness.bringup.DefectiveLink;
import dev.openppu.model.rdl.RdlDevice;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Memories of every width are tested, and those that cannot be are there with the reason. */
class RegisterMemoryTest {
    private static final String FILE = Objects.requireNonNull(RegisterMemoryTest.class.getResource("memories.rdl")).getPath();
    private static final String DEVICE = "rdl:" + FILE + "?clock=sim";

    private static Map<String, Outcome> run(DefectiveLink.Trap trap) {
        List<MapUnderTest> maps = List.of(new MapUnderTest(0, RdlDevice.map(LinkUri.parse(DEVICE)), FILE));
        SuiteReport report = DefectRuns.run(new Suite("registers", "Registers",
                new RegisterSuite(maps, Exclusions.NONE, Presence.ALL, SuiteSettings.QUICK).stages()), DEVICE,
                link -> new DefectiveLink(link) {
                    @Override
                    public Mmio bar(int index) {
                        return through(super.bar(index), trap);
                    }
                });
        return report.results().stream().collect(Collectors.toMap(each -> each.subject().id(), CaseResult::outcome));
    }

    @Test
    void whatCanBeTestedIsAndWhatCannotSaysWhy() {
        Map<String, Outcome> outcomes = run(new DefectiveLink.Trap());
        for (String memory : List.of("narrow", "odd", "wide", "uneven")) {
            assertThat(outcomes.get("reg.memory-access." + memory)).as(memory).isEqualTo(new Outcome.Passed());
            assertThat(outcomes.get("reg.memory-walk." + memory)).as(memory).isEqualTo(new Outcome.Passed());
        }
        Map.of("fixed", "software only reads this memory", "blind", "software only writes this memory", "covered",
                "registers lie over this memory")
                .forEach((memory, reason) -> assertThat(outcomes.get("reg.memory-walk." + memory)).isInstanceOf(Outcome.Skipped.class)
                        .extracting(Outcome::remark).asString().startsWith(reason));
        assertThat(outcomes.get("reg.bit-bash.covered.over")).isEqualTo(new Outcome.Passed());
    }

    @Test
    void aStuckBitInTheUpperHalfOfAWideEntryIsFound() {
        Map<String, Outcome> outcomes = run(new DefectiveLink.Trap() {
            @Override
            public long read(long offset, int bytes) {
                return super.read(offset, bytes) | (offset == 0x98 ? 1 : 0);
            }
        });
        assertThat(outcomes.get("reg.memory-access.wide")).extracting(Outcome::remark).asString().contains("wide[1] bits 64 to 127");
        assertThat(outcomes.get("reg.memory-access.uneven")).isEqualTo(new Outcome.Passed());
    }

    @Test
    void aStuckBitOfAnOddWidthIsFound() {
        Function<String, Outcome> outcomes = run(new DefectiveLink.Trap() {
            @Override
            public long read(long offset, int bytes) {
                return super.read(offset, bytes) & (offset == 0x44 ? ~(1L << 23) : -1);
            }
        })::get;
        assertThat(outcomes.apply("reg.memory-access.odd")).isInstanceOf(Outcome.Failed.class);
    }
}
