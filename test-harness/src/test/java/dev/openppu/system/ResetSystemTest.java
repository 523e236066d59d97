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
import dev.openppu.driver.owner.BringUp;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Links;
import dev.openppu.hal.ResetKind;
import dev.openppu.hal.pci.Capabilities;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.hal.pci.PciRegister.ResizableBar;
import dev.openppu.model.link.ModelLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Resets of the whole function: what they end, and that the same object works again. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class ResetSystemTest {
    private static final PpuOptions OPTIONS = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).noDumps().build();
    private static final PpuOptions AUTOMATIC = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).noDumps().autoReset(true).build();

    /** A reset forgets what enumeration has chosen; the host's BARs stay as large as they were. */
    @ParameterizedTest
    @EnumSource(value = ResetLevel.class, names = {"FUNCTION", "BUS"})
    void barsHaveTheSizesBehindAResetThatTheyHadBefore(ResetLevel level) {
        try (ModelLink link = (ModelLink) Links.open(Devices.simulated(3))) {
            ConfigSpace config = link.config();
            int at = Capabilities.findExtended(config, ResizableBar.ID).orElseThrow().offset();
            int control = config.read32(at + ResizableBar.CONTROL);
            int sizes = config.read32(at + ResizableBar.CAPABILITY) >>> ResizableBar.SIZES_SHIFT;
            int second = Integer.numberOfTrailingZeros(sizes & sizes - 1);
            int chosen = control & ~ResizableBar.SIZE_MASK | second << ResizableBar.SIZE_SHIFT;
            assertThat(chosen).as("another size than the usual one").isNotEqualTo(control);
            config.write32(at + ResizableBar.CONTROL, chosen);
            try (Ppu ppu = Ppu.open(link, PpuOptions.builder().noDumps().build())) {
                Devices.work(ppu);
                ppu.reset(level);
                assertThat(config.read32(at + ResizableBar.CONTROL)).isEqualTo(chosen);
                Devices.work(ppu);
            }
        }
    }

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

    static java.util.stream.Stream<Arguments> lowerRungs() {
        return Devices.links()
                .flatMap(uri -> java.util.stream.Stream.of(ResetLevel.QUEUE, ResetLevel.ENGINE).map(level -> Arguments.of(uri, level)));
    }

    /** The reset of a queue ends what is under way there: whoever of its context waits for that must not take it for done. Many wait, in queues reset before and after. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatWaitsForWorkThatAResetEndsIsNotLetGo(String uri) {
        try (DeviceLink link = Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS); Context context = ppu.createContext()) {
            HeldStreams streams = new HeldStreams(context);
            link.runtime().sleep(5_000_000);
            ppu.reset(ResetLevel.QUEUE);
            assertThat(context.lost()).isTrue();
            streams.requireNoneLetGo();
        }
    }

    @ParameterizedTest
    @MethodSource("lowerRungs")
    void aLowerRungRecoversOnlyWhatWorksAfterwards(String uri, ResetLevel level) {
        for (Consumer<ModelLink> blow : List.<Consumer<ModelLink>>of(link -> link.faults().remove(),
                link -> link.faults().crashFirmware("planted before a reset"), link -> link.faults().hangFirmware())) {
            try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
                blow.accept(link);
                ResetReport report = ppu.reset(level);
                assertThat(report.attempts().getFirst().recovered()).as(report.toString()).isFalse();
                if (report.recovered()) {
                    Devices.work(ppu);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aDrainedDeviceStaysDrained(String uri) {
        try (DeviceLink link = Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            AtomicBoolean drained = new AtomicBoolean();
            AtomicInteger late = new AtomicInteger();
            List<Runnable> bodies = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                bodies.add(() -> {
                    while (!drained.get()) {
                        try (Context context = ppu.createContext()) {
                            late.addAndGet(drained.get() ? 1 : 0);
                        } catch (PpuException e) {
                            assertThat(e).hasMessageContaining("draining");
                            link.runtime().sleep(100_000);
                        }
                    }
                });
            }
            bodies.add(() -> {
                link.runtime().sleep(2_000_000);
                ppu.drain(true);
                assertThat(ppu.awaitDrained(Duration.ofSeconds(10))).isTrue();
                drained.set(true);
            });
            Devices.sideBySide(link, bodies);
            assertThat(late).hasValue(0);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void whoLostWorkByAResetOnRequestIsNamed(String uri) {
        for (ResetLevel level : ResetLevel.values()) {
            try (DeviceLink link = Links.open(uri);
                    Ppu ppu = Ppu.open(link, OPTIONS);
                    Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    PinnedBuffer gate = context.allocatePinned(64)) {
                DeviceBuffer buffer = context.allocate(64 << 20);
                stream.fill8(buffer, 0, (byte) 1, 64 << 20);
                stream.waitValue32(gate, 0, Compare.EQUAL, 1);
                link.runtime().sleep(100_000);
                assertThat(ppu.reset(level).recovered()).isTrue();
                assertThat(context.lost()).isTrue();
                assertThat(ppu.recoveries()).singleElement()
                        .satisfies(event -> assertThat(event.collateral()).as(level.toString()).hasSize(1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void aResetThatAThreadHoldsUpFailsAndSaysSoUntilTheThreadHasLeft(String uri) {
        try (DeviceLink link = Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            AtomicBoolean holds = new AtomicBoolean();
            LinkRuntime.Worker updater = link.runtime().start("updater", () -> {
                try {
                    ppu.updateFirmware(BringUp.shippedFirmware(), (bytes, total) -> {
                        holds.set(true);
                        link.runtime().sleep(TimeUnit.SECONDS.toNanos(15));
                    });
                } catch (PpuException e) {
                    assertThat(e.remedy()).isNotBlank();
                }
            });
            link.runtime().await(holds::get, LinkRuntime.NEVER);
            assertThat(ppu.reset(ResetLevel.FUNCTION).recovered()).isFalse();
            assertThat(ppu.health().state()).isEqualTo(DeviceState.DEAD);
            assertThat(ppu.recoveries()).singleElement().satisfies(event -> {
                assertThat(event.recovered()).isFalse();
                assertThat(event.what()).contains("still at work");
            });
            updater.join(LinkRuntime.NEVER);
            assertThat(ppu.reset(ResetLevel.FUNCTION).recovered()).isTrue();
            Devices.work(ppu);
        }
    }

    @Test
    void ofVeryManyRecoveriesTheLastAreTold() {
        try (DeviceLink link = Links.open(Devices.simulated(3)); Ppu ppu = Ppu.open(link, OPTIONS)) {
            ppu.reset(ResetLevel.ENGINE);
            for (int i = 0; i < 256; i++) {
                assertThat(ppu.recoveries().getFirst().level()).isEqualTo(ResetLevel.ENGINE);
                assertThat(ppu.reset(ResetLevel.QUEUE).recovered()).isTrue();
            }
            assertThat(ppu.recoveries()).hasSize(256).allMatch(event -> event.level() == ResetLevel.QUEUE);
        }
    }
}
