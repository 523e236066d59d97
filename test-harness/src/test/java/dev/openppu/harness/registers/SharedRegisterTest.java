package dev.openppu.harness.registers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.hal.LinkUri;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.CaseResult;
import dev.openppu.harness.Suite;
import dev.openppu.harness.SuiteReport;
import dev.openppu.harness.SuiteSettings;
import dev.openppu.harness.bringup.DefectRuns;
import dev.openppu.harness.bringup.DefectiveLink;
import dev.openppu.model.rdl.RdlDevice;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Registers that are one under several names, and what is known of those whose writes may count or not. */
class SharedRegisterTest {
    private static final String FILE = Objects.requireNonNull(SharedRegisterTest.class.getResource("shared.rdl")).getPath();
    private static final String DEVICE = "rdl:" + FILE + "?clock=sim";

    @Test
    void aDeviceMadeFromTheDescriptionKeepsEveryRule() {
        SuiteReport report = run(new DefectiveLink.Trap());
        assertThat(failed(report)).isEmpty();
        assertThat(report.results()).filteredOn(result -> result.subject().id().startsWith("reg.shared.")).isNotEmpty();
    }

    @Test
    void aRegisterThatIsNotSharedThoughItIsToBeIsFound() {
        assertThat(failed(run(new DefectiveLink.Trap() {
            private long apart = 0x11;

            @Override
            public void write(long offset, int bytes, long value) {
                if (offset == 0x18) {
                    apart = value & 0xff;
                } else {
                    super.write(offset, bytes, value);
                }
            }

            @Override
            public long read(long offset, int bytes) {
                return offset == 0x18 ? apart : super.read(offset, bytes);
            }
        }))).containsExactlyInAnyOrder("reg.shared.ahb.front", "reg.aliasing.all", "reg.shuffled.accesses",
                "reg.shuffled.reset-amid-accesses");
    }

    @Test
    void aWrongResetValueBehindALockOfASignalIsFound() {
        assertThat(failed(run(new DefectiveLink.Trap() {
            @Override
            public long read(long offset, int bytes) {
                return super.read(offset, bytes) ^ (offset == 0x20 ? 4 : 0);
            }
        }))).contains("reg.reset.axi.locked", "reg.dirty-reset.axi.locked");
    }

    private static SuiteReport run(DefectiveLink.Trap trap) {
        Suite suite = new Suite("registers", "Registers", new RegisterSuite(
                List.of(new MapUnderTest(0, RdlDevice.map(LinkUri.parse(DEVICE)), FILE)), Exclusions.NONE, Presence.ALL,
                SuiteSettings.QUICK)
                .stages());
        return DefectRuns.run(suite, DEVICE, link -> new DefectiveLink(link) {
            @Override
            public Mmio bar(int index) {
                return through(super.bar(index), trap);
            }
        });
    }

    private static List<String> failed(SuiteReport report) {
        return report.failures().stream().map(CaseResult::subject).map(each -> each.id()).toList();
    }
}
