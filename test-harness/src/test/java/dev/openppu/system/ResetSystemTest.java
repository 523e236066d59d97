package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.error.RecoveryAction;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.DeviceState;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.ResetReport;
import dev.openppu.driver.Stream;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.link.ModelLink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Resets of the whole function: what they end, and that the same object works again. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class ResetSystemTest {
    private static final PpuOptions OPTIONS = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).noDumps().build();
    private static final PpuOptions AUTOMATIC = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).noDumps().autoReset(true).build();

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void afterAResetTheSameObjectWorksAgainAndOldHandlesSayWhatHappened(String uri) {
        try (DeviceLink link = Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            for (ResetLevel level : List.of(ResetLevel.FUNCTION, ResetLevel.BUS)) {
                int epoch = ppu.epoch();
                try (Context context = ppu.createContext();
                        Stream stream = context.createStream();
                        PinnedBuffer gate = context.allocatePinned(64);
                        DeviceBuffer buffer = context.allocate(64)) {
                    stream.waitValue32(gate, 0, Compare.EQUAL, 1);
                    Devices.sideBySide(link, List.of(
                            () -> assertThatThrownBy(stream::synchronize).isInstanceOf(PpuException.class),
                            () -> {
                                link.runtime().sleep(2_000_000);
                                ResetReport report = ppu.reset(level);
                                assertThat(report.recovered()).as(report.toString()).isTrue();
                                assertThat(report.epoch()).isEqualTo(epoch + 1);
                            }));
                    for (Runnable call : List.<Runnable>of(stream::synchronize, () -> stream.fill8(buffer, 0, (byte) 1, 1),
                            () -> context.allocate(1),
                            context::createStream, context::createEvent)) {
                        assertThatThrownBy(call::run).isInstanceOfSatisfying(ContextLostException.class, e -> {
                            assertThat(e.role()).isEqualTo(LossRole.COLLATERAL);
                            assertThat(e.hgresult()).isEqualTo(HgResult.DEVICE_UNAVAILABLE);
                            assertThat(e).hasMessageContaining("epoch " + (epoch + 1));
                        });
                    }
                    Devices.work(ppu);
                }
                assertThat(ppu.inventory().contexts()).isZero();
            }
            assertThat(ppu.health().state()).isEqualTo(DeviceState.UP);
            assertThat(ppu.recoveries()).hasSize(2).allMatch(e -> e.recovered());
            link.runtime().sleep(50_000_000);
            assertThat(ppu.inventory().queues()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aFunctionThatDoesNotComeBackIsResetThroughTheBus(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            link.faults().failResets(ResetKind.FUNCTION_LEVEL, 2);
            ResetReport report = ppu.reset(ResetLevel.FUNCTION);
            assertThat(report.recovered()).isTrue();
            assertThat(report.attempts()).extracting(ResetReport.Attempt::level).containsExactly(ResetLevel.FUNCTION, ResetLevel.FUNCTION,
                    ResetLevel.BUS);
            Devices.work(ppu);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aFunctionThatTakesLongerIsWaitedFor(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            link.faults().slowResets(ResetKind.FUNCTION_LEVEL, 1, TimeUnit.MILLISECONDS.toNanos(1_300));
            ResetReport report = ppu.reset(ResetLevel.FUNCTION);
            assertThat(report.attempts()).singleElement().matches(ResetReport.Attempt::recovered);
            Devices.work(ppu);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aDeviceThatNoResetBringsBackIsDeadAndEndsAllWaits(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            try (Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    PinnedBuffer gate = context.allocatePinned(64)) {
                stream.waitValue32(gate, 0, Compare.EQUAL, 1);
                Devices.sideBySide(link, List.of(
                        () -> assertThatThrownBy(stream::synchronize).isInstanceOf(DeviceLostException.class),
                        () -> {
                            link.runtime().sleep(2_000_000);
                            link.faults().remove();
                            ResetReport report = ppu.reset(ResetLevel.FUNCTION);
                            assertThat(report.recovered()).isFalse();
                            assertThat(report.attempts()).hasSize(4);
                        }));
                assertThat(ppu.health().state()).isEqualTo(DeviceState.DEAD);
                assertThat(ppu.health().action()).isEqualTo(RecoveryAction.NODE_REBOOT);
                assertThatThrownBy(ppu::createContext).isInstanceOf(DeviceLostException.class).hasMessageContaining("dead");
            }
            assertThat(ppu.inventory().empty()).as(ppu.inventory().toString()).isTrue();
            link.faults().restore();
            assertThat(ppu.reset(ResetLevel.BUS).recovered()).isTrue();
            Devices.work(ppu);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aLostDeviceIsResetByItselfIfThatIsSet(String uri) {
        try (DeviceLink link = Links.open(uri); Ppu ppu = Ppu.open(link, AUTOMATIC)) {
            try (Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    PinnedBuffer gate = context.allocatePinned(64)) {
                stream.waitValue32(gate, 0, Compare.EQUAL, 1);
                link.reset(ResetKind.FUNCTION_LEVEL);
                assertThatThrownBy(stream::synchronize).isInstanceOf(PpuException.class);
                assertThat(ppu.awaitRecovery(e -> e.level() == ResetLevel.FUNCTION, Duration.ofSeconds(20))).isPresent();
                Devices.work(ppu);
                assertThatThrownBy(stream::synchronize).isInstanceOf(ContextLostException.class);
            }
            assertThat(ppu.epoch()).isEqualTo(2);
            assertThat(ppu.health().state()).isEqualTo(DeviceState.UP);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aDeviceThatIsPulledOutEndsEverythingInBoundedTimeAlsoWithAutomaticResets(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, AUTOMATIC)) {
            try (Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    PinnedBuffer gate = context.allocatePinned(64)) {
                stream.waitValue32(gate, 0, Compare.EQUAL, 1);
                link.faults().remove();
                assertThatThrownBy(stream::synchronize).isInstanceOf(DeviceLostException.class);
                assertThatThrownBy(ppu::createContext).isInstanceOf(DeviceLostException.class).hasMessageContaining("dead");
            }
            assertThat(ppu.inventory().empty()).as(ppu.inventory().toString()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aDrainingDeviceTakesNoNewContextsAndLetsOldOnesGoOn(String uri) {
        try (DeviceLink link = Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            try (Context context = ppu.createContext(); DeviceBuffer buffer = context.allocate(64)) {
                ppu.drain(true);
                assertThat(ppu.health().draining()).isTrue();
                assertThatThrownBy(ppu::createContext).isInstanceOf(PpuException.class).hasMessageContaining("draining");
                context.fill8(buffer, 0, (byte) 1, 64);
                assertThat(ppu.awaitDrained(Duration.ofMillis(1))).isFalse();
            }
            assertThat(ppu.awaitDrained(Duration.ofMillis(1))).isTrue();
            ppu.reset(ResetLevel.FUNCTION);
            assertThatThrownBy(ppu::createContext).as("draining lasts over a reset").isInstanceOf(PpuException.class);
            ppu.drain(false);
            Devices.work(ppu);
        }
    }
}
