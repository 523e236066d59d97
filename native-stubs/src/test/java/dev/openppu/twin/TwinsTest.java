package dev.openppu.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openppu.twin.DeviceTwin.Watch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class TwinsTest {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int INVALID = 1;
    private static final int BARRIER_AND = 3;
    private static final int WRITE_VALUE_64 = 4 << 16;

    private final Arena arena = Arena.ofShared();

    @BeforeEach
    void needsACompiler() {
        assumeTrue(TwinLibrary.absence().isEmpty(), () -> "no C twins: " + TwinLibrary.absence().orElseThrow());
    }

    @AfterEach
    void free() {
        arena.close();
    }

    /** A queue as a Java host lays it out, by hand. */
    private final class JavaQueue {
        private final MemorySegment ring = arena.allocate(4 * 64, 64);
        private final MemorySegment readIndex = arena.allocate(64, 64);
        private final MemorySegment doorbell = arena.allocate(64, 64);
        private final MemorySegment signal = arena.allocate(64, 64);

        JavaQueue() {
            for (int slot = 0; slot < 4; slot++) {
                ring.set(ValueLayout.JAVA_INT, slot * 64L, INVALID);
            }
            doorbell.set(ValueLayout.JAVA_LONG, 0, -1);
            signal.set(ValueLayout.JAVA_LONG, 0, 100);
        }

        DeviceTwin device(Watch watch) {
            return DeviceTwin.start(ring, readIndex, doorbell, watch, -1);
        }

        void publish(int slot, int word) {
            ring.set(ValueLayout.JAVA_LONG, slot * 64L + 0x38, signal.address());
            INT.setRelease(ring, slot * 64L, word);
        }

        void ring(long index) {
            LONG.setRelease(doorbell, 0L, index);
        }

        void await(MemorySegment word, long value) {
            while ((long) LONG.getAcquire(word, 0L) != value) {
                Thread.onSpinWait();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDeviceTakesAJavaHostsPackets(Watch watch) {
        JavaQueue queue = new JavaQueue();
        try (DeviceTwin _ = queue.device(watch)) {
            for (int index = 0; index < 10; index++) {
                queue.publish(index % 4, BARRIER_AND);
                queue.ring(index);
                queue.await(queue.signal, 99 - index);
            }
        }

        assertThat(queue.readIndex.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(10);
        assertThat(queue.ring.get(ValueLayout.JAVA_INT, 64)).isEqualTo(INVALID);
    }

    @Test
    void aDeviceThatWatchesTheDoorbellTakesNothingBeforeItRings() throws InterruptedException {
        JavaQueue queue = new JavaQueue();
        try (DeviceTwin _ = queue.device(Watch.DOORBELL)) {
            queue.publish(0, BARRIER_AND);
            queue.publish(1, BARRIER_AND);
            queue.ring(0);
            queue.await(queue.readIndex, 1);
            Thread.sleep(20);

            assertThat((int) INT.getAcquire(queue.ring, 64L)).isEqualTo(BARRIER_AND);

            queue.ring(1);
            queue.await(queue.readIndex, 2);
        }
    }

    @Test
    void theDeviceWaitsForDependenciesAndStoresValues() throws InterruptedException {
        JavaQueue queue = new JavaQueue();
        MemorySegment dependency = arena.allocate(8, 8);
        MemorySegment value = arena.allocate(8, 8);
        dependency.set(ValueLayout.JAVA_LONG, 0, 1);
        try (DeviceTwin _ = queue.device(Watch.HEADER)) {
            queue.ring.set(ValueLayout.JAVA_LONG, 0x08, dependency.address());
            queue.publish(0, BARRIER_AND);
            queue.ring.set(ValueLayout.JAVA_INT, 64 + 4, 1 << 8);
            queue.ring.set(ValueLayout.JAVA_LONG, 64 + 8, value.address());
            queue.ring.set(ValueLayout.JAVA_LONG, 64 + 16, 0x1122334455667788L);
            queue.publish(1, WRITE_VALUE_64);
            Thread.sleep(20);
            assertThat((long) LONG.getAcquire(queue.readIndex, 0L)).isZero();

            LONG.setRelease(dependency, 0L, 0L);
            queue.await(queue.signal, 98);
        }

        assertThat(value.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(0x1122334455667788L);
    }

    @Test
    void aCHostsPacketsAllComplete() {
        Histogram histogram = new Histogram();
        try (HostTwin host = HostTwin.open(64)) {
            try (DeviceTwin _ = host.device(Watch.HEADER, -1)) {
                assertThat(host.roundTrips(1000, histogram)).isPositive();
                assertThat(host.stream(10_000, 1)).isPositive();
                assertThat(host.stream(1600, 16)).isPositive();
                assertThat(host.producers(1000, 4)).isPositive();
                assertThat(host.underLoad(1000, 256, histogram)).isPositive();
            }
            try (DeviceTwin _ = host.device(Watch.DOORBELL, -1)) {
                assertThat(host.stream(1600, 16)).as("a device that begins where the one before ended").isPositive();
            }
        }

        assertThat(histogram.count()).isEqualTo(2000);
        assertThat(histogram.percentile(50)).isPositive();
    }

    @Test
    void registersAreReadAndWritten() {
        MemorySegment bar = arena.allocate(4096, 4096);
        RegisterTwin twin = new RegisterTwin(bar);

        twin.writes(0x10, 8);
        assertThat(bar.get(ValueLayout.JAVA_INT, 0x10)).as("the last of 0 to 7").isEqualTo(7);

        twin.reads(0x10, 6);
        assertThat(twin.sum()).isEqualTo(42);
    }

    @Test
    void memoryIsCopied() {
        MemorySegment source = arena.allocate(1 << 16);
        source.fill((byte) 7);
        MemorySegment destination = arena.allocate(1 << 16);

        assertThat(MemoryTwin.copies(destination, source, 3)).isPositive();

        assertThat(destination.mismatch(source)).isEqualTo(-1);
    }

    @Test
    void threadsWakeEachOther() {
        Histogram histogram = new Histogram();

        assertThat(WakeTwin.wakeUps(-1, 100, histogram)).isPositive();

        assertThat(histogram.count()).isEqualTo(100);
    }

    @Test
    void pageTablesHoldTheDevicesEntries() {
        MemorySegment memory = arena.allocate(1 << 20, 4096);

        PageTableTwin.map(memory, 0x1000, 0x200000, 3 << 12, 0b110);

        long level2 = table(memory, 0, 0);
        long level1 = table(memory, level2, 0);
        long level0 = table(memory, level1, 0);
        assertThat(entry(memory, level0, 0)).isZero();
        assertThat(entry(memory, level0, 1)).as("valid, read, write, leaf").isEqualTo(0x200000L | 0b1_0111);
        assertThat(entry(memory, level0, 3)).isEqualTo(0x202000L | 0b1_0111);
        assertThat(entry(memory, level0, 4)).isZero();
    }

    private static long table(MemorySegment memory, long table, int index) {
        long entry = entry(memory, table, index);
        assertThat(entry & 0xfff).as("a table: valid, no leaf, no rights").isEqualTo(1);
        return entry & ~0xfffL;
    }

    private static long entry(MemorySegment memory, long table, int index) {
        return memory.get(ValueLayout.JAVA_LONG, table + index * 8L);
    }

    @Test
    void thePlainRingCountsItsSignalDown() {
        MemorySegment ring = arena.allocate(8 * 64, 64);
        MemorySegment signal = arena.allocate(8, 8);

        assertThat(RingTwin.run(ring, 80, signal)).isPositive();

        assertThat(signal.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(-80);
    }

    @Test
    void aPinnedThreadMayUseOneCpuUntilItIsLetGo() {
        List<Integer> before = CpuAffinity.allowed();

        try (CpuAffinity.Pin _ = CpuAffinity.pin(before.getLast())) {
            assertThat(CpuAffinity.allowed()).containsExactly(before.getLast());
        }

        assertThat(CpuAffinity.allowed()).isEqualTo(before);
    }

    @Test
    void aRegisterIsReadByMessages() {
        Histogram histogram = new Histogram();
        assertThat(LinkTwin.reads(-1, 1000, histogram)).isPositive();
        assertThat(histogram.percentile(50)).isPositive();
    }
}
