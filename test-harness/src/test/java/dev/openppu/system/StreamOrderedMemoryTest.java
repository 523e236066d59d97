package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PoolReuse;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory of pools: valid between two points of streams, reserved by thresholds, reused only where that cannot be seen. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class StreamOrderedMemoryTest {
    private static final long BYTES = 256 << 10;
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void memoryServesTheWorkBetweenAllocationAndFreeEvenIfNothingHasRunYet(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Gate gate = new Gate(context);
                PinnedBuffer out = context.allocatePinned(64)) {
            gate.hold(stream);
            for (int i = 0; i < 8; i++) {
                PooledBuffer buffer = stream.allocateAsync(BYTES);
                stream.fill32(buffer, 0, i + 1, BYTES / 4);
                stream.copy(out, 4L * i, buffer, BYTES - 4, 4);
                stream.freeAsync(buffer);
                refused(1, () -> stream.freeAsync(buffer));
                refused(400, () -> stream.fill8(buffer, 0, (byte) 0, 1));
                buffer.close(); // freed already: nothing
            }
            assertThat(context.memoryPool().statistics().reservedCurrent()).isLessThan(2 * BYTES); // one stream reuses its own at once
            gate.open();
            stream.synchronize();
            for (int i = 0; i < 8; i++) {
                assertThat(out.segment().get(U32, 4L * i)).isEqualTo(i + 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void theThresholdSaysWhatStaysReservedWhenSomebodyWaits(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                MemoryPool pool = context.createMemoryPool()) {
            assertThat(pool.releaseThreshold()).isZero();
            assertThat(pool.reuse()).isEqualTo(EnumSet.allOf(PoolReuse.class));
            long free = ppu.memoryInfo().free();
            PooledBuffer one = stream.allocateAsync(BYTES, pool);
            PooledBuffer two = stream.allocateAsync(BYTES, pool);
            assertThat(pool.statistics()).isEqualTo(new MemoryPool.Statistics(2 * BYTES, 2 * BYTES, 2 * BYTES, 2 * BYTES));
            stream.freeAsync(one);
            stream.freeAsync(two);
            assertThat(pool.statistics().usedCurrent()).isZero();
            stream.synchronize();
            assertThat(pool.statistics()).isEqualTo(new MemoryPool.Statistics(0, 2 * BYTES, 0, 2 * BYTES));
            assertThat(ppu.memoryInfo().free()).isEqualTo(free);

            pool.setReleaseThreshold(Long.MAX_VALUE);
            PooledBuffer three = stream.allocateAsync(BYTES, pool);
            stream.freeAsync(three);
            stream.synchronize();
            assertThat(pool.statistics().reservedCurrent()).isEqualTo(BYTES);
            PooledBuffer four = stream.allocateAsync(BYTES / 2, pool);
            pool.trimTo(0);
            assertThat(pool.statistics().usedCurrent()).isBetween(BYTES / 2, BYTES); // the block that it took
            stream.fill8(four, 0, (byte) 1, BYTES / 2); // trimming leaves what is in use
            stream.freeAsync(four);
            stream.synchronize();
            pool.trimTo(0);
            assertThat(pool.statistics().reservedCurrent()).isZero();
            pool.resetHighs();
            assertThat(pool.statistics()).isEqualTo(new MemoryPool.Statistics(0, 0, 0, 0));
            refused(1, () -> pool.setReleaseThreshold(-1));
            refused(1, () -> pool.trimTo(-1));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void memoryIsFreedInAnotherStreamBehindAnEvent(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream maker = context.createStream();
                Stream user = context.createStream();
                Gate gate = new Gate(context);
                PinnedBuffer out = context.allocatePinned(64);
                Event ready = context.createEvent()) {
            gate.hold(maker);
            PooledBuffer buffer = maker.allocateAsync(BYTES);
            maker.fill32(buffer, 0, 77, BYTES / 4);
            maker.record(ready);
            user.waitFor(ready);
            user.copy(out, 0, buffer, 1024, 4);
            user.freeAsync(buffer);
            PooledBuffer next = maker.allocateAsync(BYTES);
            maker.fill32(next, 0, 88, BYTES / 4);
            maker.freeAsync(next);
            gate.open();
            context.synchronize();
            assertThat(out.segment().get(U32, 0)).isEqualTo(77);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void withoutReuseFlagsBusyMemoryIsNobodyElses(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream one = context.createStream();
                Stream two = context.createStream();
                Gate gate = new Gate(context);
                MemoryPool pool = context.createMemoryPool()) {
            pool.setReuse(Set.of());
            gate.hold(one);
            PooledBuffer first = one.allocateAsync(BYTES, pool);
            long address = first.address();
            one.freeAsync(first);
            PooledBuffer second = two.allocateAsync(BYTES, pool);
            assertThat(second.address()).isNotEqualTo(address);
            two.fill8(second, 0, (byte) 1, BYTES);
            two.synchronize(); // was not made to wait
            assertThat(one.idle()).isFalse();
            two.freeAsync(second);
        }
    }

    /** Whatever is reused, no buffer's content is ever another's. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void noBufferSeesAnothersBytes(String uri) {
        SplittableRandom random = new SplittableRandom(uri.hashCode());
        int rounds = 200;
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                MemoryPool pool = context.createMemoryPool();
                PinnedBuffer out = context.allocatePinned(8L * rounds);
                Event event = context.createEvent()) {
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                streams.add(context.createStream());
            }
            for (int i = 0; i < rounds; i++) {
                EnumSet<PoolReuse> reuse = EnumSet.noneOf(PoolReuse.class);
                for (PoolReuse one : PoolReuse.values()) {
                    if (random.nextBoolean()) {
                        reuse.add(one);
                    }
                }
                pool.setReuse(reuse);
                long bytes = 4L * (1 + random.nextInt(100_000));
                Stream stream = streams.get(random.nextInt(4));
                Stream freeing = streams.get(random.nextInt(4));
                PooledBuffer buffer = stream.allocateAsync(bytes, pool);
                stream.fill32(buffer, 0, i + 1, bytes / 4);
                stream.copy(out, 8L * i, buffer, 0, 4);
                stream.copy(out, 8L * i + 4, buffer, bytes - 4, 4);
                if (freeing != stream) {
                    stream.record(event);
                    freeing.waitFor(event);
                }
                freeing.freeAsync(buffer);
                switch (random.nextInt(20)) {
                    case 0 -> pool.trimTo(random.nextInt(1 << 20));
                    case 1 -> freeing.synchronize();
                    default -> {
                    }
                }
            }
            context.synchronize();
            for (int i = 0; i < rounds; i++) {
                assertThat(out.segment().get(U32, 8L * i)).isEqualTo(i + 1);
                assertThat(out.segment().get(U32, 8L * i + 4)).isEqualTo(i + 1);
            }
            assertThat(pool.statistics().usedCurrent()).isZero();
            streams.forEach(Stream::close);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatIsNotThePoolsIsRefusedAndTooMuchIsNotSticky(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Context other = ppu.createContext();
                Stream stream = context.createStream();
                Stream foreign = other.createStream();
                MemoryPool foreignPool = other.createMemoryPool()) {
            refused(1, () -> stream.allocateAsync(0));
            refused(1, () -> stream.allocateAsync(-1));
            refused(2, () -> stream.allocateAsync(1L << 50));
            refused(2, () -> stream.allocateAsync(Long.MAX_VALUE));
            refused(1, () -> stream.allocateAsync(64, foreignPool));
            refused(1, () -> context.setMemoryPool(foreignPool));
            refused(1, () -> context.defaultMemoryPool().close());
            PooledBuffer buffer = stream.allocateAsync(64);
            refused(1, () -> foreign.freeAsync(buffer));
            stream.fill8(buffer, 0, (byte) 1, 64);
            stream.freeAsync(buffer);
            MemoryPool pool = context.createMemoryPool();
            PooledBuffer last = stream.allocateAsync(64, pool);
            pool.close();
            refused(400, () -> stream.allocateAsync(64, pool));
            refused(400, () -> context.setMemoryPool(pool));
            stream.fill8(last, 0, (byte) 2, 64);
            stream.freeAsync(last);
            long before = ppu.memoryInfo().free();
            stream.synchronize();
            assertThat(ppu.memoryInfo().free()).isGreaterThanOrEqualTo(before + 64);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void threadsAllocateFromOnePoolSideBySide(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); MemoryPool pool = context.createMemoryPool()) {
            List<Runnable> bodies = java.util.stream.IntStream.range(0, 4).<Runnable>mapToObj(t -> () -> {
                try (Stream stream = context.createStream(); PinnedBuffer out = context.allocatePinned(4)) {
                    for (int i = 0; i < 50; i++) {
                        PooledBuffer buffer = stream.allocateAsync(BYTES, pool);
                        stream.fill32(buffer, 0, 100 * t + i, BYTES / 4);
                        stream.copy(out, 0, buffer, BYTES / 2, 4);
                        stream.freeAsync(buffer);
                        if (i % 7 == 0) {
                            stream.synchronize();
                            assertThat(out.segment().get(U32, 0)).isEqualTo(100 * t + i);
                        }
                    }
                    stream.synchronize();
                    assertThat(out.segment().get(U32, 0)).isEqualTo(100 * t + 49);
                }
            }).toList();
            Devices.sideBySide(ppu.link(), bodies);
            context.synchronize();
            assertThat(pool.statistics().reservedCurrent()).isZero();
        }
    }
}
