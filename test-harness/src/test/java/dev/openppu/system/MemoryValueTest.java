package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuTimeoutException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamMemoryOperation.WaitValue32;
import dev.openppu.driver.StreamMemoryOperation.WriteValue32;
import dev.openppu.driver.StreamMemoryOperation.WriteValue64;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Waiting for values and writing them: every comparison at its edges, both widths, ordering, refusals. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class MemoryValueTest {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG;

    private record Case(Compare compare, long memory, long value) {
        boolean holds32() {
            int m = (int) memory;
            int v = (int) value;
            return switch (compare) {
                case GREATER_OR_EQUAL -> m - v >= 0;
                case EQUAL -> m == v;
                case AND -> (m & v) != 0;
                case NOR -> ~(m | v) != 0;
            };
        }

        boolean holds64() {
            return switch (compare) {
                case GREATER_OR_EQUAL -> memory - value >= 0;
                case EQUAL -> memory == value;
                case AND -> (memory & value) != 0;
                case NOR -> ~(memory | value) != 0;
            };
        }
    }

    private static List<Case> cases() {
        long[] edges = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xFFFF_FFFFL, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE,
            Long.MIN_VALUE + 1};
        List<Case> cases = new ArrayList<>();
        for (Compare compare : Compare.values()) {
            for (long memory : edges) {
                for (long value : edges) {
                    cases.add(new Case(compare, memory, value));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatHoldsPasses(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer memory = context.allocatePinned(8)) {
            for (Case one : cases()) {
                memory.segment().set(U64, 0, one.memory());
                if (one.holds32()) {
                    stream.waitValue32(memory, 0, one.compare(), (int) one.value());
                }
                if (one.holds64()) {
                    stream.waitValue64(memory, 0, one.compare(), one.value());
                }
                stream.synchronize();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatDoesNotHoldWaits(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer memory = context.allocatePinned(8)) {
            for (Case one : cases()) {
                for (boolean wide : List.of(false, true)) {
                    if (wide ? one.holds64() : one.holds32()) {
                        continue;
                    }
                    Case released = cases().stream()
                            .filter(c -> c.compare() == one.compare() && c.value() == one.value() && (wide ? c.holds64() : c.holds32()))
                            .findFirst().orElse(one);
                    if (released == one) {
                        continue; // nothing satisfies it, as NOR with all ones
                    }
                    memory.segment().set(U64, 0, one.memory());
                    if (wide) {
                        stream.waitValue64(memory, 0, one.compare(), one.value());
                    } else {
                        stream.waitValue32(memory, 0, one.compare(), (int) one.value());
                    }
                    assertThatThrownBy(() -> stream.synchronize(Duration.ofNanos(20_000))).as("%s wide=%s", one, wide)
                            .isInstanceOf(PpuTimeoutException.class);
                    memory.segment().set(U64, 0, released.memory());
                    stream.synchronize();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aWriteTouchesItsBytesOnlyAndComesAfterTheWorkBefore(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer memory = context.allocatePinned(64);
                DeviceBuffer large = context.allocate(1 << 20);
                PinnedBuffer landed = context.allocatePinned(1 << 20)) {
            stream.fill8(memory, 0, (byte) 0x55, 64);
            stream.writeValue32(memory, 4, -1);
            stream.writeValue64(memory, 16, 0);
            stream.synchronize();
            assertThat(memory.segment().get(U32, 0)).isEqualTo(0x5555_5555);
            assertThat(memory.segment().get(U32, 4)).isEqualTo(-1);
            assertThat(memory.segment().get(U64, 8)).isEqualTo(0x5555_5555_5555_5555L);
            assertThat(memory.segment().get(U64, 16)).isZero();
            assertThat(memory.segment().get(U64, 24)).isEqualTo(0x5555_5555_5555_5555L);

            stream.fill8(large, 0, (byte) 7, 1 << 20);
            stream.copy(landed, 0, large, 0, 1 << 20);
            stream.writeValue32(memory, 0, 99);
            assertThat(ppu.link().runtime().await(() -> (int) U32.varHandle().getAcquire(memory.segment(), 0L) == 99,
                    ppu.link().runtime().deadline(TimeUnit.SECONDS.toNanos(20)))).isTrue();
            assertThat(landed.segment().get(ValueLayout.JAVA_BYTE, (1 << 20) - 1)).isEqualTo((byte) 7);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void moreStreamsMayWaitThanThereAreConnections(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); DeviceBuffer baton = context.allocate(4)) {
            List<Stream> streams = new ArrayList<>();
            context.fill32(baton, 0, 0, 1);
            context.synchronize();
            for (int i = 0; i < 16; i++) {
                Stream stream = context.createStream();
                streams.add(stream);
                stream.waitValue32(baton, 0, Compare.EQUAL, 16 - i); // the last begins
                stream.writeValue32(baton, 0, 17 - i);
            }
            Stream first = context.createStream();
            first.writeValue32(baton, 0, 1);
            streams.forEach(Stream::synchronize);
            streams.forEach(Stream::close);
            first.close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void valuesThatDoNotFitAreRefusedAndBatchesWhole(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                PinnedBuffer memory = context.allocatePinned(64)) {
            refused(1, () -> stream.writeValue32(memory, 2, 1));
            refused(1, () -> stream.writeValue64(memory, 4, 1));
            refused(1, () -> stream.waitValue32(memory, 1, Compare.EQUAL, 1));
            refused(1, () -> stream.waitValue64(memory, 60, Compare.EQUAL, 1));
            refused(1, () -> stream.writeValue32(memory, 64, 1));
            refused(1, () -> stream.writeValue32(memory, -4, 1));
            refused(1, () -> stream.writeValue64(memory, Long.MAX_VALUE - 7, 1));
            refused(1, () -> stream.batchMemoryOperations(List.of()));
            refused(1, () -> stream.batchMemoryOperations(Collections.nCopies(256, new WriteValue32(memory, 0, 1))));
            refused(1, () -> stream.batchMemoryOperations(List.of(new WriteValue32(memory, 0, 5), new WriteValue64(memory, 12, 5))));
            stream.synchronize();
            assertThat(memory.segment().get(U32, 0)).isZero();
            stream.batchMemoryOperations(Collections.nCopies(255, new WriteValue32(memory, 0, 1)));
            stream.batchMemoryOperations(
                    List.of(new WaitValue32(memory, 0, Compare.EQUAL, 1), new WriteValue64(memory, 8, 9), new WriteValue32(memory, 0, 2)));
            stream.synchronize(Duration.ofSeconds(20));
            assertThat(memory.segment().get(U32, 0)).isEqualTo(2);
            assertThat(memory.segment().get(U64, 8)).isEqualTo(9);
        }
    }
}
