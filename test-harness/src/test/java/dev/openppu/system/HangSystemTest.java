package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.reg.Engine;
import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceState;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.RecoveryEvent;
import dev.openppu.driver.ResetLevel;
import dev.openppu.driver.Stream;
import dev.openppu.hal.Links;
import dev.openppu.model.fault.FaultPoint;
import dev.openppu.model.fault.FaultSource;
import dev.openppu.model.link.ModelLink;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queues and engines that stand still: found within their limit, set free by the mildest reset that does it, and nobody else suffers more than needed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class HangSystemTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path dumps = Path.of("");

    private PpuOptions.Builder options() {
        return PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).hangLimit(LIMIT).dumpDirectory(dumps);
    }

    private static RecoveryEvent recovery(Ppu ppu) {
        return ppu.awaitRecovery(e -> true, LONG).orElseThrow();
    }

    private List<Path> written() throws IOException {
        try (java.util.stream.Stream<Path> files = Files.list(dumps)) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aQueueThatHangsIsResetAndOthersGoOn(String uri) throws IOException {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, options().build())) {
            try (Context culprit = ppu.createContext();
                    Stream hung = culprit.createStream();
                    Context other = ppu.createContext();
                    Stream lively = other.createStream();
                    DeviceBuffer buffer = other.allocate(4096);
                    PinnedBuffer word = culprit.allocatePinned(64)) {
                lively.fill8(buffer, 0, (byte) 1, 4096);
                hung.writeValue32(word, 0, 1);
                hung.synchronize();
                link.faults().hangQueue(hung.queue());
                hung.writeValue32(word, 0, 2);
                assertThatThrownBy(() -> hung.synchronize(LONG)).isInstanceOfSatisfying(ContextLostException.class, e -> {
                    assertThat(e.role()).isEqualTo(LossRole.CULPRIT);
                    assertThat(e.hgresult()).isEqualTo(HgResult.LAUNCH_TIMEOUT);
                });
                RecoveryEvent event = recovery(ppu);
                assertThat(event.level()).isEqualTo(ResetLevel.QUEUE);
                assertThat(event.recovered()).as(event.what()).isTrue();
                assertThat(event.culprit()).hasValue(culprit.id());
                assertThat(event.collateral()).isEmpty();
                assertThat(event.dump()).isPresent();
                lively.fill8(buffer, 0, (byte) 2, 4096);
                lively.synchronize(LONG);
                assertThat(ppu.health().state()).isEqualTo(DeviceState.UP);
            }
            assertThat(ppu.epoch()).isEqualTo(1);
            assertThat(ppu.inventory().queues()).isZero();
        }
        assertThat(written()).singleElement()
                .satisfies(file -> assertThat(Files.readString(file)).contains("WRITE_VALUE").contains("\"walk\"")
                        .contains("hangs").endsWith("\"left\":0}\n"));
    }

    /** Others of its context are held, and others again wait for those: none of them is let go by the recovery. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatWaitsInTheContextOfAHungQueueIsNotLetGo(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri);
                Ppu ppu = Ppu.open(link, options().build());
                Context context = ppu.createContext()) {
            HeldStreams streams = new HeldStreams(context);
            Stream hung = context.createStream();
            link.faults().hangQueue(hung.queue());
            hung.writeValue32(context.allocatePinned(64), 0, 2);
            assertThatThrownBy(() -> hung.synchronize(LONG)).isInstanceOf(ContextLostException.class);
            RecoveryEvent _ = recovery(ppu);
            streams.requireNoneLetGo();
        }
    }

    /** The device's message of the failure is refused as well as what made the queue fail. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void aQueueThatFailedWithoutAWordIsFoundAndIsNoHang(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, options().build())) {
            try (Context culprit = ppu.createContext();
                    Stream failed = culprit.createStream();
                    PinnedBuffer word = culprit.allocatePinned(64)) {
                failed.writeValue32(word, 0, 1);
                failed.synchronize();
                link.faults().arm((point, passage) -> point == FaultPoint.DMA_REFUSED ? 1 : FaultSource.NOTHING);
                failed.writeValue32(word, 0, 2);
                link.runtime().sleep(TimeUnit.MICROSECONDS.toNanos(200));
                link.faults().disarm();
                assertThatThrownBy(() -> failed.synchronize(LONG)).isInstanceOfSatisfying(ContextLostException.class,
                        e -> assertThat(e.role()).isEqualTo(LossRole.CULPRIT));
                link.runtime().sleep(5 * LIMIT.toNanos());
                assertThat(ppu.recoveries()).as("nothing was reset, then or later").isEmpty();
            }
            Devices.work(ppu);
            assertThat(ppu.epoch()).isEqualTo(1);
        }
    }

    /** Of a device that was calm for long the watch looks seldom: closing does not wait for that. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void whoClosesMemoryRingsAgainForTheWorkThatItWaitsFor(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, options().build())) {
            try (Context context = ppu.createContext(); Stream stream = context.createStream(); DeviceBuffer kept = context.allocate(64)) {
                DeviceBuffer closing = context.allocate(64);
                stream.fill8(kept, 0, (byte) 1, 64);
                stream.synchronize();
                link.runtime().sleep(5 * LIMIT.toNanos());
                AtomicInteger lost = new AtomicInteger(3); // the ring, and two reminders
                link.faults().arm((point, passage) -> point == FaultPoint.DOORBELL_LOST && lost.getAndDecrement() > 0
                        ? 1
                        : FaultSource.NOTHING);
                stream.fill8(closing, 0, (byte) 2, 64);
                closing.close();
                stream.fill8(kept, 0, (byte) 3, 64);
                stream.synchronize();
                assertThat(context.lost()).isFalse();
                assertThat(lost.get()).as("rings that were lost").isNotPositive();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#simulated")
    void aQueueThatWasResetIsNotCalledHungAgainForThePacketsLeftInIt(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, options().build())) {
            try (Context culprit = ppu.createContext();
                    Stream hung = culprit.createStream();
                    PinnedBuffer word = culprit.allocatePinned(64)) {
                hung.writeValue32(word, 0, 1);
                hung.synchronize();
                link.faults().hangQueue(hung.queue());
                for (int i = 0; i < 20; i++) {
                    hung.writeValue32(word, 0, i);
                }
                assertThatThrownBy(() -> hung.synchronize(LONG)).isInstanceOf(ContextLostException.class);
                link.runtime().sleep(5 * LIMIT.toNanos());
                assertThat(ppu.recoveries()).hasSize(1);
            }
        }
    }

    /** The firmware stops a lost context only when no engine has work of it: the second engine must be free before it is asked. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void oneContextWithWorkInTwoHungEnginesCostsNoMoreThanThatContext(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, options().noDumps().build())) {
            try (Context lost = ppu.createContext();
                    Stream a = lost.createStream();
                    Stream b = lost.createStream();
                    DeviceBuffer forA = lost.allocate(1 << 20);
                    DeviceBuffer forB = lost.allocate(1 << 20)) {
                link.faults().hang(Engine.COPY0);
                link.faults().hang(Engine.COPY1);
                a.fill8(forA, 0, (byte) 1, 1 << 20);
                b.fill8(forB, 0, (byte) 1, 1 << 20);
                assertThatThrownBy(() -> a.synchronize(LONG)).isInstanceOf(ContextLostException.class);
                RecoveryEvent event = recovery(ppu);
                assertThat(event.recovered()).as(event.what()).isTrue();
                assertThat(event.culprit()).hasValue(lost.id());
                assertThat(event.collateral()).isEmpty();
            }
            Devices.work(ppu);
            assertThat(ppu.epoch()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anEngineThatDoesNotLetGoIsResetAndOthersWithWorkOnItAreCollateral(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, options().noDumps().build())) {
            try (Context first = ppu.createContext();
                    Context second = ppu.createContext();
                    Context third = ppu.createContext();
                    Stream a = first.createStream();
                    Stream b = second.createStream();
                    Stream c = third.createStream();
                    DeviceBuffer forA = first.allocate(1 << 20);
                    DeviceBuffer forB = second.allocate(1 << 20);
                    PinnedBuffer forC = third.allocatePinned(64)) {
                link.faults().hang(Engine.COPY0);
                link.faults().hang(Engine.COPY1);
                a.fill8(forA, 0, (byte) 1, 1 << 20);
                b.fill8(forB, 0, (byte) 1, 1 << 20);
                List<Boolean> culprits = new ArrayList<>();
                for (Stream stream : List.of(a, b)) {
                    assertThatThrownBy(() -> stream.synchronize(LONG)).isInstanceOfSatisfying(ContextLostException.class,
                            e -> culprits.add(e.role() == LossRole.CULPRIT));
                }
                assertThat(culprits).as("one at least is the culprit").contains(true);
                RecoveryEvent event = recovery(ppu);
                assertThat(event.recovered()).as(event.what()).isTrue();
                c.writeValue32(forC, 0, 7);
                c.synchronize(LONG);
                assertThat(forC.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
            }
            try (Context again = ppu.createContext(); DeviceBuffer buffer = again.allocate(1 << 20)) {
                again.fill8(buffer, 0, (byte) 1, 1 << 20);
                again.synchronize();
            }
            assertThat(ppu.epoch()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatNeitherQueueNorEngineResetFreesIsResetWholeIfThatIsSet(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, options().noDumps().autoReset(true).build())) {
            try (Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    DeviceBuffer buffer = context.allocate(1 << 20)) {
                link.faults().hang(Engine.COPY0);
                link.faults().hang(Engine.COPY1);
                link.faults().failResets(Engine.COPY0, 100);
                link.faults().failResets(Engine.COPY1, 100);
                stream.fill8(buffer, 0, (byte) 1, 1 << 20);
                assertThatThrownBy(() -> stream.synchronize(LONG)).isInstanceOf(PpuException.class);
                assertThat(ppu.awaitRecovery(e -> e.level() == ResetLevel.FUNCTION && e.recovered(), LONG)).isPresent();
                try (Context again = ppu.createContext(); DeviceBuffer other = again.allocate(1 << 20)) {
                    again.fill8(other, 0, (byte) 1, 1 << 20);
                    again.synchronize();
                }
            }
            assertThat(ppu.epoch()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aQueueThatWaitsForSoftwareIsNotHung(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri);
                Ppu ppu = Ppu.open(link, options().hangLimit(Duration.ofMillis(100)).noDumps().build())) {
            try (Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    PinnedBuffer gate = context.allocatePinned(64)) {
                stream.waitValue32(gate, 0, Compare.EQUAL, 1);
                stream.writeValue32(gate, 4, 2);
                link.runtime().sleep(TimeUnit.MILLISECONDS.toNanos(800));
                gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
                link.runtime().wake();
                stream.synchronize(LONG);
            }
            assertThat(ppu.recoveries()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aCrashedFirmwareIsToldWithItsReasonAndResetIfThatIsSet(String uri) throws IOException {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, options().autoReset(true).build())) {
            link.faults().crashFirmware("planted by a test");
            assertThat(ppu.awaitRecovery(e -> e.level() == ResetLevel.FUNCTION, LONG)).hasValueSatisfying(e -> {
                assertThat(e.recovered()).isTrue();
                assertThat(e.what()).contains("planted by a test");
            });
            try (Context context = ppu.createContext(); DeviceBuffer buffer = context.allocate(64)) {
                context.fill8(buffer, 0, (byte) 1, 64);
                context.synchronize();
            }
        }
        assertThat(written()).singleElement()
                .satisfies(file -> assertThat(Files.readString(file)).contains("\"crash\"").contains("planted by a test"));
    }
}
