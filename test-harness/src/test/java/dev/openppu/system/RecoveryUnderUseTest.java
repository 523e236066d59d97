package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.reg.Engine;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.hal.Links;
import dev.openppu.model.fault.FaultInjector;
import dev.openppu.model.link.ModelLink;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What programs do while the driver recovers the device behind their backs. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class RecoveryUnderUseTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int BYTES = 1 << 16;
    private static final PpuOptions OPTIONS = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).hangLimit(Duration.ofMillis(200))
            .noDumps()
            .build();

    /** Returns when it has lost its context. */
    private static void hang(ModelLink link, Ppu ppu) {
        try (Context context = ppu.createContext(); Stream stream = context.createStream(); DeviceBuffer buffer = context.allocate(BYTES)) {
            stream.fill8(buffer, 0, (byte) 1, BYTES);
            stream.synchronize(LONG);
            link.faults().failQueueResets(stream.queue(), 1);
            link.faults().hangQueue(stream.queue());
            stream.fill8(buffer, 0, (byte) 2, BYTES);
            assertThatThrownBy(() -> stream.synchronize(LONG)).isInstanceOf(ContextLostException.class);
        }
    }

    /** The queue of the lost context is reset twice, before and after its engine: who has it by then must not be hit. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whoMakesANewContextAtOnceGetsAQueueThatNobodyResetsUnderIt(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri); Ppu ppu = Ppu.open(link, OPTIONS)) {
            hang(link, ppu);
            try (Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    DeviceBuffer buffer = context.allocate(BYTES)) {
                byte[] back = new byte[BYTES];
                for (int i = 3; i < 20; i++) {
                    stream.fill8(buffer, 0, (byte) i, BYTES);
                    stream.synchronize(LONG);
                    stream.copyToHost(MemorySegment.ofArray(back), buffer, 0);
                    assertThat(back[BYTES - 1]).isEqualTo((byte) i);
                }
            }
            assertThat(ppu.recoveries()).isNotEmpty().allMatch(event -> event.recovered());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatWaitsForWorkThatAResetEndsDoesNotRun(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri);
                Ppu ppu = Ppu.open(link, OPTIONS);
                Context context = ppu.createContext();
                PinnedBuffer word = context.allocatePinned(64);
                DeviceBuffer buffer = context.allocate(BYTES)) {
            Stream hung = context.createStream();
            Stream behind = context.createStream();
            Event event = context.createEvent();
            hung.fill8(buffer, 0, (byte) 1, BYTES);
            hung.synchronize(LONG);
            link.faults().hang(Engine.COPY0);
            link.faults().hang(Engine.COPY1);
            hung.fill8(buffer, 0, (byte) 2, BYTES);
            hung.record(event);
            behind.waitFor(event);
            behind.writeValue32(word, 0, 7);
            CompletableFuture<Void> future = behind.done();
            assertThatThrownBy(() -> hung.synchronize(LONG)).isInstanceOf(ContextLostException.class);
            assertThat(ppu.awaitRecovery(e -> e.recovered(), LONG)).isPresent();
            assertThatThrownBy(() -> behind.synchronize(LONG)).isInstanceOf(ContextLostException.class);
            assertThatThrownBy(event::query).isInstanceOf(ContextLostException.class);
            assertThatThrownBy(behind::query).isInstanceOf(ContextLostException.class);
            assertThatThrownBy(future::join).hasCauseInstanceOf(ContextLostException.class);
            assertThat(word.segment().get(ValueLayout.JAVA_INT, 0)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aLostDoorbellCostsADelayAndNobodyHisContext(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri);
                Ppu ppu = Ppu.open(link, OPTIONS);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer buffer = context.allocate(BYTES)) {
            for (int i = 0; i < 3; i++) {
                link.faults().loseDoorbells(FaultInjector.ANY, 1 + i); // of the reminders too
                stream.fill8(buffer, 0, (byte) i, BYTES);
                stream.synchronize(LONG);
            }
            assertThat(ppu.recoveries()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void workThatIsLongInABatchIsBegunAndNotTakenForHung(String uri) {
        try (ModelLink link = (ModelLink) Links.open(uri);
                Ppu ppu = Ppu.open(link, OPTIONS);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer buffer = context.allocate(BYTES)) {
            try (Stream.Batch _ = stream.batch()) {
                stream.fill8(buffer, 0, (byte) 1, BYTES);
                link.runtime().sleep(TimeUnit.MILLISECONDS.toNanos(800));
            }
            stream.synchronize(LONG);
            assertThat(ppu.recoveries()).isEmpty();
        }
    }
}
