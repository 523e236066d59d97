package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Links;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When the doorbell rings for what a batch put off. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class BatchTest {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;
    /** The hang watch rings for what stands still for a fiftieth of this. */
    private static final PpuOptions UNREMINDED = PpuOptions.builder().hangLimit(Duration.ofHours(10)).build();
    private static final long SOON = Duration.ofSeconds(5).toNanos();
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(20);

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aBatchEndsOnceHoweverOftenItIsClosed(String uri) {
        RingsOfDoorbells rings = new RingsOfDoorbells(Links.open(uri));
        try (rings;
                Ppu ppu = Ppu.open(rings, UNREMINDED);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer cells = context.allocatePinned(64)) {
            Stream.Batch outer = stream.batch();
            Stream.Batch inner = stream.batch();
            long before = rings.count();
            stream.writeValue32(cells, 0, 1);
            inner.close();
            inner.close();
            stream.writeValue32(cells, 4, 1);
            assertThat(rings.count()).as("announced within the outer batch").isEqualTo(before);
            outer.close();
            outer.close();
            assertThat(rings.count()).as("announced once").isEqualTo(before + 1);
            assertThat(soon(ppu, () -> cells.segment().get(U32, 4) == 1)).isTrue();
            stream.writeValue32(cells, 0, 2);
            assertThat(rings.count()).as("announced after the batches").isEqualTo(before + 2);
            assertThat(soon(ppu, () -> cells.segment().get(U32, 0) == 2)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whoPollsWithinABatchSeesItsWorkEnd(String uri) {
        try (Ppu ppu = Ppu.open(uri, UNREMINDED);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Event event = context.createEvent(EventFlag.DISABLE_TIMING);
                PinnedBuffer cells = context.allocatePinned(64);
                Stream.Batch _ = stream.batch()) {
            stream.writeValue32(cells, 0, 1);
            assertThat(soon(ppu, stream::idle)).as("idle").isTrue();
            stream.writeValue32(cells, 0, 2);
            stream.record(event);
            assertThat(soon(ppu, event::reached)).as("reached").isTrue();
            stream.writeValue32(cells, 0, 3);
            assertThat(soon(ppu, context.defaultStream()::idle)).as("the legacy stream, behind it").isTrue();
            assertThat(cells.segment().get(U32, 0)).isEqualTo(3);
        }
    }

    private static boolean soon(Ppu ppu, BooleanSupplier poll) {
        return within(ppu, SOON, poll);
    }

    /** Polls, and gives the device time between. */
    private static boolean within(Ppu ppu, long nanos, BooleanSupplier poll) {
        LinkRuntime runtime = ppu.link().runtime();
        long deadline = runtime.deadline(nanos);
        while (!poll.getAsBoolean()) {
            if (runtime.nanos() > deadline) {
                return false;
            }
            runtime.await(() -> false, runtime.deadline(PAUSE));
        }
        return true;
    }
}
