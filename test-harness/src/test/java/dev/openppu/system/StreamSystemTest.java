package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuInterruptedException;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.hal.LinkRuntime;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class StreamSystemTest {
    private static final StreamOptions TINY = StreamOptions.defaults().withLog2Packets(2);

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void workIsInOrderThroughManyTurnsOfTheRing(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream(TINY);
                PinnedBuffer pinned = context.allocatePinned(8)) {
            for (int i = 1; i <= 500; i++) {
                stream.waitValue64(pinned, 0, Compare.EQUAL, i - 1);
                stream.writeValue64(pinned, 0, i);
            }
            stream.synchronize();
            assertThat(pinned.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(500);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void eventsOrderStreamsAndTimeWork(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream first = context.createStream();
                Stream second = context
                        .createStream();
                Event begin = context.createEvent();
                Event end = context.createEvent();
                DeviceBuffer buffer = context.allocate(1 << 20);
                PinnedBuffer gate = context.allocatePinned(64)) {
            assertThat(end.reached()).isTrue(); // never recorded
            first.waitValue32(gate, 0, Compare.GREATER_OR_EQUAL, 1);
            first.record(begin);
            first.fill32(buffer, 0, 0x5a5a5a5a, (1 << 20) / 4);
            first.record(end);
            second.waitFor(end);
            byte[] back = new byte[1 << 20];
            assertThat(end.reached()).isFalse();
            assertThatThrownBy(end::deviceNanos).isInstanceOf(PpuException.class);
            assertThatThrownBy(() -> end.synchronize(Duration.ofMillis(2))).isInstanceOf(PpuTimeoutException.class);
            gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
            second.copyToHost(MemorySegment.ofArray(back), buffer, 0);
            for (byte b : back) {
                assertThat(b).isEqualTo((byte) 0x5a);
            }
            assertThat(end.nanosSince(begin)).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void futuresCompleteAndTheirGetWaitsOnTheLinksClock(String uri) throws Exception {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer pinned = context.allocatePinned(64)) {
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int n = i;
                stream.writeValue32(pinned, 0, i);
                futures.add(stream.done().thenApply(nothing -> n));
            }
            CompletableFuture<Integer> sum = futures.getFirst();
            for (CompletableFuture<Integer> future : futures.subList(1, 50)) {
                sum = sum.thenCombine(future, Integer::sum);
            }
            assertThat(sum.get()).isEqualTo(49 * 50 / 2);
            assertThat(futures.get(49).join()).isEqualTo(49);
            stream.waitValue32(pinned, 4, Compare.EQUAL, 1);
            CompletableFuture<Void> held = stream.done();
            assertThatThrownBy(() -> held.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            pinned.segment().set(ValueLayout.JAVA_INT, 4, 1);
            held.get(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void severalThreadsShareOneStreamAndOneContext(String uri) {
        int threads = 4;
        int each = 100;
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream shared = context.createStream(TINY);
                PinnedBuffer pinned = context.allocatePinned(4096)) {
            List<Runnable> bodies = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int slot = t;
                bodies.add(() -> {
                    try (Stream own = context.createStream(TINY); DeviceBuffer buffer = context.allocate(64)) {
                        for (int i = 0; i < each; i++) {
                            shared.writeValue64(pinned, 64L * slot, i + 1);
                            own.fill32(buffer, 0, i, 4);
                        }
                        byte[] back = new byte[4];
                        own.copyToHost(MemorySegment.ofArray(back), buffer, 4);
                        assertThat(back[0]).isEqualTo((byte) (each - 1));
                        shared.synchronize();
                    }
                });
            }
            Devices.sideBySide(ppu.link(), bodies);
            for (int t = 0; t < threads; t++) {
                assertThat(pinned.segment().get(ValueLayout.JAVA_LONG, 64L * t)).isEqualTo(each);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aFullRingHoldsBackUntilItsDeadline(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream(TINY.withSubmitTimeout(Duration
                        .ofMillis(5)));
                PinnedBuffer gate = context.allocatePinned(64)) {
            stream.waitValue32(gate, 0, Compare.EQUAL, 1);
            assertThatThrownBy(() -> {
                for (int i = 0; i < 10; i++) {
                    stream.writeValue32(gate, 4, i);
                }
            }).isInstanceOf(PpuTimeoutException.class).hasMessageContaining("stayed full");
            assertThatThrownBy(() -> stream.synchronize(Duration.ofMillis(5))).isInstanceOf(PpuTimeoutException.class)
                    .hasMessageContaining("has not completed");
            assertThat(stream.idle()).isFalse();
            gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
            stream.synchronize();
            assertThat(gate.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anInterruptEndsAWaitAndLosesNothing(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream(TINY);
                PinnedBuffer gate = context.allocatePinned(64)) {
            stream.waitValue32(gate, 0, Compare.EQUAL, 1);
            AtomicReference<Throwable> seen = new AtomicReference<>();
            LinkRuntime.Worker waiter = ppu.link().runtime().start("waiter", () -> {
                try {
                    stream.synchronize();
                } catch (RuntimeException e) {
                    seen.set(e);
                }
            });
            ppu.link().runtime().sleep(1_000_000);
            waiter.interrupt();
            assertThat(waiter.join(ppu.link().runtime().deadline(30_000_000_000L))).isTrue();
            assertThat(seen.get()).isInstanceOf(PpuInterruptedException.class);
            gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
            stream.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void closingAContextEndsTheWaitsOfOtherThreads(String uri) {
        try (Ppu ppu = Devices.open(uri); Context bystander = ppu.createContext(); DeviceBuffer buffer = bystander.allocate(64)) {
            Context context = ppu.createContext();
            Stream stream = context.createStream(TINY);
            PinnedBuffer gate = context.allocatePinned(64);
            stream.waitValue32(gate, 0, Compare.EQUAL, 1);
            CompletableFuture<Void> future = stream.done();
            Event event = context.createEvent();
            stream.record(event);
            List<Runnable> bodies = new ArrayList<>();
            bodies.add(() -> assertThatThrownBy(stream::synchronize).isInstanceOf(PpuException.class));
            bodies.add(() -> assertThatThrownBy(event::synchronize).isInstanceOf(PpuException.class));
            bodies.add(() -> assertThatThrownBy(() -> {
                for (int i = 0; i < 20; i++) {
                    stream.writeValue32(gate, 4, i);
                }
            }).isInstanceOf(PpuException.class));
            bodies.add(() -> assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(PpuException.class));
            bodies.add(() -> {
                ppu.link().runtime().sleep(2_000_000);
                context.close();
            });
            Devices.sideBySide(ppu.link(), bodies);
            stream.close();
            gate.close();
            event.close();
            context.close();
            bystander.fill8(buffer, 0, (byte) 1, 64);
            assertThat(bystander.lost()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void everythingClosesInAnyOrderAndTwiceAndNothingIsLeft(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            var before = ppu.inventory();
            for (int order = 0; order < 6; order++) {
                Context context = ppu.createContext();
                List<AutoCloseable> objects = new ArrayList<>(
                        List.of(context, context.createStream(TINY), context.allocate(10_000_000), context
                                .allocatePinned(10_000), context.createEvent()));
                context.fill8((DeviceBuffer) objects.get(2), 0, (byte) 1, 1000);
                java.util.Collections.rotate(objects, order);
                if (order % 2 == 1) {
                    java.util.Collections.reverse(objects);
                }
                objects.addAll(List.copyOf(objects));
                for (AutoCloseable object : objects) {
                    closeQuietly(object);
                }
                assertThat(ppu.inventory()).isEqualTo(before);
            }
        }
    }

    private static void closeQuietly(AutoCloseable object) {
        try {
            object.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
