package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a stage that depends on a stream's completion may do: submit and poll, and not wait. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StageTest {
    private static final int NOT_PERMITTED = 800;
    private static final int BYTES = 4096;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aStageSubmitsAndPollsAndDoesNotWait(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Event event = context.createEvent();
                PinnedBuffer gate = context.allocatePinned(64);
                DeviceBuffer buffer = context.allocate(BYTES)) {
            stream.waitValue32(gate, 0, Compare.GREATER_OR_EQUAL, 1);
            CompletableFuture<Void> stage = stream.done().thenRun(() -> {
                stream.waitValue32(gate, 0, Compare.GREATER_OR_EQUAL, 2);
                stream.fill8(buffer, 0, (byte) 7, BYTES);
                stream.record(event);
                assertThat(stream.idle()).isFalse();
                assertThat(event.reached()).isFalse();
                refused(NOT_PERMITTED, () -> stream.done().join());
                refused(NOT_PERMITTED, () -> stream.done().thenRun(() -> {}).join());
                refused(NOT_PERMITTED, stream::synchronize);
                refused(NOT_PERMITTED, () -> stream.synchronize(Duration.ofSeconds(1)));
                refused(NOT_PERMITTED, context::synchronize);
                refused(NOT_PERMITTED, event::synchronize);
                refused(NOT_PERMITTED, () -> stream.copyToHost(MemorySegment.ofArray(new byte[BYTES]), buffer, 0));
                refused(NOT_PERMITTED, buffer::close);
                refused(NOT_PERMITTED, stream::close);
            });
            open(gate, 1);
            stage.join();
            open(gate, 2);
            stream.done().join();
            assertThat(event.reached()).isTrue();
            byte[] back = new byte[BYTES];
            stream.copyToHost(MemorySegment.ofArray(back), buffer, 0);
            assertThat(back).containsOnly(7);
            stream.done().thenRun(stream::close).join(); // nothing is in flight: nothing to wait for
        }
    }

    /** It runs in the order of the host functions of its context, which those that it would wait for need. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aStageOfAHostFunctionDoesNotWaitEither(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer gate = context.allocatePinned(64)) {
            stream.waitValue32(gate, 0, Compare.GREATER_OR_EQUAL, 1);
            CompletableFuture<Void> stage = stream.launchHostFunction(() -> {}).thenRun(() -> {
                stream.waitValue32(gate, 0, Compare.GREATER_OR_EQUAL, 2);
                CompletableFuture<Void> next = stream.launchHostFunction(() -> {});
                refused(NOT_PERMITTED, next::join);
                refused(NOT_PERMITTED, stream::synchronize);
            });
            open(gate, 1);
            stage.join();
            open(gate, 2);
            stream.done().join();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aFullRingRefusesAStage(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream(StreamOptions.defaults().withLog2Packets(2));
                PinnedBuffer gate = context.allocatePinned(64)) {
            stream.waitValue32(gate, 0, Compare.GREATER_OR_EQUAL, 1);
            CompletableFuture<Void> stage = stream.done().thenRun(() -> {
                stream.waitValue32(gate, 0, Compare.GREATER_OR_EQUAL, 2);
                refused(NOT_PERMITTED, () -> {
                    for (int i = 0; i < 100; i++) {
                        stream.writeValue32(gate, 4, i);
                    }
                });
            });
            open(gate, 1);
            stage.join();
            open(gate, 2);
            for (int i = 0; i < 100; i++) {
                stream.writeValue32(gate, 4, i);
            }
            stream.synchronize();
            assertThat(gate.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(99);
        }
    }

    @Test
    void aStageThatDoesNotEndDoesNotKeepTheDeviceFromClosing() {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (Ppu ppu = Devices.open(Devices.FREE);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer gate = context.allocatePinned(64)) {
            stream.waitValue32(gate, 0, Compare.GREATER_OR_EQUAL, 1);
            CompletableFuture<Void> _ = stream.done().thenRun(() -> {
                begun.countDown();
                await(end);
            });
            open(gate, 1);
            await(begun);
        } finally {
            end.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void open(PinnedBuffer gate, int value) {
        gate.segment().set(ValueLayout.JAVA_INT, 0, value);
    }
}
