package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.Inventory;
import dev.openppu.driver.MemoryPool;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PoolReuse;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts §9.1, memory pools: release threshold 0, reuse flags on; allocation and freeing in stream order. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class PoolSemanticsTest {
    private static final long KIB64 = 64L << 10;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void unusedMemoryGoesBackWhenSomebodyWaits(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Stream stream = context.createStream()) {
            MemoryPool pool = context.defaultMemoryPool();
            assertThat(context.memoryPool()).isSameAs(pool);
            assertThat(pool.releaseThreshold()).isZero();
            assertThat(pool.reuse()).containsExactlyInAnyOrder(PoolReuse.values());
            PooledBuffer first = stream.allocateAsync(KIB64 + 1);
            PooledBuffer second = stream.allocateAsync(100);
            assertThat(pool.statistics()).isEqualTo(new MemoryPool.Statistics(3 * KIB64, 3 * KIB64, 3 * KIB64, 3 * KIB64));
            stream.fill8(first, 0, (byte) 1, first.size());
            stream.freeAsync(first);
            assertThat(pool.statistics()).isEqualTo(new MemoryPool.Statistics(3 * KIB64, 3 * KIB64, KIB64, 3 * KIB64));
            stream.synchronize();
            assertThat(pool.statistics().reservedCurrent()).isEqualTo(KIB64);
            stream.freeAsync(second);
            context.synchronize();
            pool.resetHighs();
            assertThat(pool.statistics()).isEqualTo(new MemoryPool.Statistics(0, 0, 0, 0));
            pool.setReleaseThreshold(2 * KIB64);
            List<PooledBuffer> three = List.of(stream.allocateAsync(1), stream.allocateAsync(1), stream.allocateAsync(1));
            three.forEach(stream::freeAsync);
            try (Event event = context.createEvent()) {
                stream.record(event);
                event.synchronize();
            }
            assertThat(pool.statistics().reservedCurrent()).isEqualTo(2 * KIB64);
            pool.trimTo(KIB64);
            assertThat(pool.statistics().reservedCurrent()).isEqualTo(KIB64);
            pool.trimTo(0);
            assertThat(pool.statistics().reservedCurrent()).isZero();
        }
    }

    /** What a pool keeps is its own only as long as there is memory without it. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void unusedMemoryGoesBackBeforeThereIsNone(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Stream stream = context.createStream()) {
            MemoryPool pool = context.defaultMemoryPool();
            pool.setReleaseThreshold(Long.MAX_VALUE);
            long half = ppu.memoryInfo().free() / 2;
            PooledBuffer kept = stream.allocateAsync(half);
            stream.freeAsync(kept);
            stream.synchronize();
            assertThat(pool.statistics().reservedCurrent()).isGreaterThanOrEqualTo(half);
            long more = half + half / 2;
            PooledBuffer large = stream.allocateAsync(more); // too large for what was freed, and there is no room beside that
            assertThat(pool.statistics().reservedCurrent()).isBetween(more, more + KIB64);
            stream.fill32(large, more - Integer.BYTES, 7, 1);
            refused(2, () -> stream.allocateAsync(half));
            stream.freeAsync(large);
            stream.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void memoryIsReusedAsTheFlagsAllow(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream one = context.createStream();
                Stream two = context.createStream();
                PinnedBuffer gate = context.allocatePinned(64)) {
            MemoryPool pool = context.defaultMemoryPool();
            pool.setReleaseThreshold(Long.MAX_VALUE);
            one.waitValue32(gate, 0, Compare.EQUAL, 1);
            PooledBuffer buffer = one.allocateAsync(KIB64);
            one.fill8(buffer, 0, (byte) 1, KIB64);
            one.freeAsync(buffer);
            PooledBuffer same = one.allocateAsync(KIB64); // in its own stream at once
            assertThat(same.address()).isEqualTo(buffer.address());
            one.freeAsync(same);
            pool.setReuse(Set.of(PoolReuse.ALLOW_OPPORTUNISTIC));
            PooledBuffer fresh = two.allocateAsync(KIB64); // the device has not reached the freeing point
            assertThat(fresh.address()).isNotEqualTo(buffer.address());
            pool.setReuse(Set.of(PoolReuse.values()));
            PooledBuffer waiting = two.allocateAsync(KIB64); // is made to wait for it
            assertThat(waiting.address()).isEqualTo(buffer.address());
            two.fill8(waiting, 0, (byte) 2, KIB64);
            assertThat(two.query().number()).isEqualTo(600);
            gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
            byte[] back = new byte[(int) KIB64];
            two.copyToHost(MemorySegment.ofArray(back), waiting, 0);
            assertThat(back).containsOnly(2);
            two.freeAsync(waiting);
            two.synchronize();
            pool.setReuse(Set.of(PoolReuse.ALLOW_OPPORTUNISTIC));
            assertThat(one.allocateAsync(KIB64).address()).isEqualTo(buffer.address()); // reached by now
            pool.setReuse(Set.of());
            one.freeAsync(fresh);
            one.synchronize();
            assertThat(two.allocateAsync(KIB64).address()).isNotEqualTo(fresh.address());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void wrongUsesAreRefused(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Context other = ppu.createContext();
                Stream stream = context.createStream();
                Stream foreign = other.createStream()) {
            PooledBuffer buffer = stream.allocateAsync(100);
            refused(1, () -> foreign.freeAsync(buffer));
            refused(1, () -> foreign.allocateAsync(100, context.memoryPool()));
            refused(1, () -> foreign.fill8(buffer, 0, (byte) 1, 1));
            refused(1, () -> other.setMemoryPool(context.memoryPool()));
            refused(1, () -> stream.fill8(buffer, 0, (byte) 1, 101));
            stream.freeAsync(buffer);
            refused(1, () -> stream.freeAsync(buffer));
            refused(400, () -> stream.fill8(buffer, 0, (byte) 1, 1));
            refused(1, () -> stream.allocateAsync(0));
            refused(2, () -> stream.allocateAsync(1L << 46));
            refused(1, () -> context.defaultMemoryPool().close());
            refused(1, () -> context.defaultMemoryPool().setReleaseThreshold(-1));
            MemoryPool own = context.createMemoryPool();
            context.setMemoryPool(own);
            PooledBuffer kept = stream.allocateAsync(100);
            assertThat(kept.pool()).isSameAs(own);
            own.close();
            own.close();
            assertThat(context.memoryPool()).isSameAs(context.defaultMemoryPool());
            refused(400, () -> stream.allocateAsync(100, own));
            stream.fill8(kept, 0, (byte) 1, 100); // lives on
            stream.freeAsync(kept);
            stream.synchronize();
            assertThat(own.statistics().reservedCurrent()).isZero();
            PooledBuffer closed = stream.allocateAsync(100);
            closed.close();
            closed.close();
            assertThat(context.defaultMemoryPool().statistics().usedCurrent()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void manyThreadsShareAPoolAndNothingIsLost(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            Inventory before = ppu.inventory();
            try (Context context = ppu.createContext()) {
                context.defaultMemoryPool().setReleaseThreshold(4 * KIB64);
                List<Runnable> bodies = new ArrayList<>();
                for (int t = 0; t < 4; t++) {
                    int seed = t;
                    bodies.add(() -> {
                        SplittableRandom random = new SplittableRandom(seed);
                        try (Stream stream = context.createStream()) {
                            for (int i = 0; i < 40; i++) {
                                int bytes = random.nextInt(1, 200_000);
                                PooledBuffer buffer = stream.allocateAsync(bytes);
                                byte value = (byte) (i + seed);
                                byte[] back = new byte[bytes];
                                stream.fill8(buffer, 0, value, bytes);
                                stream.copyToHost(MemorySegment.ofArray(back), buffer, 0);
                                stream.freeAsync(buffer);
                                assertThat(back[0]).isEqualTo(value);
                                assertThat(back[bytes - 1]).isEqualTo(value);
                            }
                            stream.synchronize();
                        }
                    });
                }
                Devices.sideBySide(ppu.link(), bodies);
                context.synchronize();
                MemoryPool.Statistics end = context.defaultMemoryPool().statistics();
                assertThat(end.usedCurrent()).isZero();
                assertThat(end.reservedCurrent()).isLessThanOrEqualTo(4 * KIB64);
                assertThat(end.usedHigh()).isPositive();
            }
            assertThat(ppu.inventory()).isEqualTo(before);
        }
    }
}
