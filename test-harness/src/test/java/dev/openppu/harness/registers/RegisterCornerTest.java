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
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Locks in the registers that they lock, and registers of one direction at the addresses of others: the live registers of the description pass, and what breaks these rules does not. */
class RegisterCornerTest {
    private static final String FILE = Objects.requireNonNull(RegisterCornerTest.class.getResource("corners.rdl")).getPath();
    private static final String DEVICE = "rdl:" + FILE + "?clock=sim";

    @Test
    void aSoundDeviceKeepsEveryRule() {
        SuiteReport report = run(DefectiveLink.Trap::new);
        assertThat(failed(report)).isEmpty();
        assertThat(report.tally().passed()).isGreaterThan(20);
    }

    @Test
    void aLockThatIsJudgedByTheKeyInTheSameWriteIsFound() {
        assertThat(failed(run(() -> new DefectiveLink.Trap() {
            @Override
            public void write(long offset, int bytes, long value) {
                if (offset == 0x00) {
                    super.write(offset, bytes, value & 1); // the key alone, first
                }
                super.write(offset, bytes, value);
            }
        }))).containsExactlyInAnyOrder("reg.bit-bash.below", "reg.walk.below", "reg.lock.below", "reg.aliasing.all",
                "reg.shuffled.accesses",
                "reg.shuffled.reset-amid-accesses");
    }

    @Test
    void aReadOnlyRegisterThatTakesWritesOfTheWriteOnlyOneAtItsAddressIsFound() {
        assertThat(failed(run(() -> new DefectiveLink.Trap() {
            private long taken = 0x41;

            @Override
            public void write(long offset, int bytes, long value) {
                taken = offset == 0x20 ? value & 0xff : taken;
                super.write(offset, bytes, value);
            }

            @Override
            public long read(long offset, int bytes) {
                return offset == 0x20 ? taken : super.read(offset, bytes);
            }
        }))).contains("reg.bit-bash.sent", "reg.walk.sent", "reg.aliasing.all").doesNotContain("reg.bit-bash.command", "reg.walk.below");
    }

    private static SuiteReport run(Supplier<DefectiveLink.Trap> defect) {
        Suite suite = new Suite("registers", "Registers", new RegisterSuite(
                List.of(new MapUnderTest(0, RdlDevice.map(LinkUri.parse(DEVICE)), FILE)), Exclusions.NONE, Presence.ALL,
                SuiteSettings.QUICK)
                .stages());
        DefectiveLink.Trap trap = defect.get();
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
