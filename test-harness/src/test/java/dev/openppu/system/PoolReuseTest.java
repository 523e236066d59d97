package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.PoolReuse;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reuse flag FOLLOW_EVENT_DEPENDENCIES, alone: memory freed in one stream serves another one if a dependency makes what the other submits come behind the free, and only then. The first
 * stream is held all the time, so that nothing but the dependency can tell.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class PoolReuseTest {
    private static final long BYTES = MemoryPool.GRANULARITY;

    /** A context with a held stream, in which a buffer was filled and can be freed, and two others. */
    private record Bench(Context context, Stream freeing, Stream middle, Stream taking, PooledBuffer buffer) {
        Event event() {
            return context.createEvent(EventFlag.DISABLE_TIMING);
        }

        /** Whether the stream is given the freed memory. */
        boolean takes(Stream stream) {
            PooledBuffer taken = stream.allocateAsync(BYTES);
            stream.fill8(taken, 0, (byte) 2, BYTES);
            return taken.address() == buffer.address();
        }
    }

    private static void with(String uri, Consumer<Bench> body) {
        StreamOptions apart = StreamOptions.defaults().withNonBlocking(true);
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Gate gate = new Gate(context)) {
            MemoryPool pool = context.defaultMemoryPool();
            pool.setReleaseThreshold(Long.MAX_VALUE);
            pool.setReuse(Set.of(PoolReuse.FOLLOW_EVENT_DEPENDENCIES));
            Stream freeing = context.createStream(apart);
            gate.hold(freeing);
            PooledBuffer buffer = freeing.allocateAsync(BYTES);
            freeing.fill8(buffer, 0, (byte) 1, BYTES);
            body.accept(new Bench(context, freeing, context.createStream(apart), context.createStream(apart), buffer));
            gate.open();
            context.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void memoryIsTakenBehindAnEventThatWasRecordedAfterTheFree(String uri) {
        StreamOptions apart = StreamOptions.defaults().withNonBlocking(true);
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Gate gate = new Gate(context)) {
            MemoryPool pool = context.defaultMemoryPool();
            pool.setReuse(Set.of(PoolReuse.FOLLOW_EVENT_DEPENDENCIES));
            Stream freeing = context.createStream(apart);
            Stream taking = context.createStream(apart);
            Event event = context.createEvent();
            gate.hold(freeing);
            PooledBuffer buffer = freeing.allocateAsync(BYTES);
            freeing.fill8(buffer, 0, (byte) 1, BYTES);
            freeing.freeAsync(buffer);
            freeing.record(event);
            taking.waitFor(event);
            PooledBuffer taken = taking.allocateAsync(BYTES);
            assertThat(taken.address()).isEqualTo(buffer.address());
            taking.fill8(taken, 0, (byte) 2, BYTES);
            assertThat(taking.idle()).as("behind the event").isFalse();
            gate.open();
            byte[] back = new byte[(int) BYTES];
            taking.copyToHost(MemorySegment.ofArray(back), taken, 0);
            assertThat(back).as("written behind what the first stream wrote").containsOnly(2);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void withoutADependencyItIsNot(String uri) {
        with(uri, bench -> {
            bench.freeing.freeAsync(bench.buffer);
            assertThat(bench.takes(bench.taking)).isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anEventThatWasRecordedBeforeTheFreeIsNone(String uri) {
        with(uri, bench -> {
            try (Event event = bench.event()) {
                bench.freeing.freeAsync(bench.freeing.allocateAsync(4 * BYTES)); // this one does come before the event
                bench.freeing.record(event);
                bench.freeing.freeAsync(bench.buffer);
                bench.taking.waitFor(event);
                assertThat(bench.takes(bench.taking)).isFalse();
                bench.freeing.record(event); // again: a wait sees the last recording
                assertThat(bench.takes(bench.taking)).isFalse();
                bench.taking.waitFor(event);
                assertThat(bench.takes(bench.taking)).isTrue();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aDependencyOfAnotherStreamIsNone(String uri) {
        with(uri, bench -> {
            try (Event event = bench.event()) {
                bench.freeing.freeAsync(bench.buffer);
                bench.freeing.record(event);
                bench.middle.waitFor(event);
                assertThat(bench.takes(bench.taking)).isFalse();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void dependenciesMayGoThroughOtherStreams(String uri) {
        with(uri, bench -> {
            try (Event first = bench.event(); Event second = bench.event()) {
                bench.freeing.freeAsync(bench.buffer);
                bench.freeing.record(first);
                bench.middle.waitFor(first);
                bench.middle.record(second);
                bench.taking.waitFor(second);
                assertThat(bench.takes(bench.taking)).isTrue();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void theLegacyStreamIsADependencyOfBlockingStreams(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Gate gate = new Gate(context)) {
            MemoryPool pool = context.defaultMemoryPool();
            pool.setReuse(Set.of(PoolReuse.FOLLOW_EVENT_DEPENDENCIES));
            Stream freeing = context.createStream();
            Stream taking = context.createStream();
            DeviceBufferUse use = new DeviceBufferUse(context);
            gate.hold(freeing);
            PooledBuffer buffer = freeing.allocateAsync(BYTES);
            freeing.freeAsync(buffer);
            use.in(context.defaultStream());
            use.in(taking);
            assertThat(taking.allocateAsync(BYTES).address()).isEqualTo(buffer.address());
            gate.open();
            context.synchronize();
        }
    }

    /** Any work. */
    private record DeviceBufferUse(Context context) {
        void in(Stream stream) {
            PooledBuffer word = stream.allocateAsync(4 * BYTES); // of another size than what is looked for
            stream.fill8(word, 0, (byte) 0, 4);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void withoutTheFlagADependencyChangesNothing(String uri) {
        with(uri, bench -> {
            bench.context.defaultMemoryPool().setReuse(Set.of());
            try (Event event = bench.event()) {
                bench.freeing.freeAsync(bench.buffer);
                bench.freeing.record(event);
                bench.taking.waitFor(event);
                assertThat(bench.takes(bench.taking)).isFalse();
            }
        });
    }
}
