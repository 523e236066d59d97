package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.ContextFlag;
import dev.openppu.driver.ContextOptions;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.RegisteredBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When copies and fills return, what they read and write, and what of them is refused. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class CopyAsynchronyTest {
    private static final int BYTES = 300_000;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void nothingBetweenDeviceAndPinnedMemoryHoldsTheHost(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                Gate gate = new Gate(context);
                DeviceBuffer one = context.allocate(BYTES);
                DeviceBuffer two = context.allocate(BYTES);
                PinnedBuffer in = context.allocatePinned(BYTES);
                PinnedBuffer out = context.allocatePinned(BYTES)) {
            in.segment().fill((byte) 1);
            gate.hold(stream);
            stream.copy(one, 0, in, 0, BYTES);
            stream.copy(two, 0, one, 0, BYTES);
            stream.copy(out, 0, two, 0, BYTES);
            stream.fill8(out, 0, (byte) 2, 1);
            context.copy(one, 0, two, 0, BYTES); // synchronous, between device memory: does not wait either
            context.fill8(one, 0, (byte) 3, BYTES);
            assertThat(stream.idle()).isFalse();
            in.segment().fill((byte) 4); // the device reads it when the stream gets there
            gate.open();
            stream.synchronize();
            assertThat(out.segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
            assertThat(out.segment().get(ValueLayout.JAVA_BYTE, BYTES - 1)).isEqualTo((byte) 4);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void ordinaryMemoryMayBeUsedAgainWhenTheCopyReturns(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer buffer = context.allocate(3L * BYTES)) {
            byte[] source = new byte[BYTES];
            byte[] result = new byte[3 * BYTES];
            for (int i = 0; i < 3; i++) {
                java.util.Arrays.fill(source, (byte) (i + 1));
                stream.copyToDevice(buffer, (long) i * BYTES, MemorySegment.ofArray(source));
            }
            java.util.Arrays.fill(source, (byte) 9);
            stream.copyToHost(MemorySegment.ofArray(result), buffer, 0); // returns with the bytes
            for (int i = 0; i < 3 * BYTES; i++) {
                if (result[i] != i / BYTES + 1) {
                    assertThat(result[i]).as("byte " + i).isEqualTo((byte) (i / BYTES + 1));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void synchronousCallsWithHostMemoryReturnWhenDone(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                DeviceBuffer device = context.allocate(BYTES);
                PinnedBuffer pinned = context.allocatePinned(BYTES)) {
            context.fill8(device, 0, (byte) 6, BYTES);
            context.copy(pinned, 0, device, 0, BYTES);
            assertThat(pinned.segment().get(ValueLayout.JAVA_BYTE, BYTES - 1)).isEqualTo((byte) 6);
            context.fill8(pinned, 0, (byte) 7, BYTES);
            assertThat(pinned.segment().get(ValueLayout.JAVA_BYTE, BYTES - 1)).isEqualTo((byte) 7);
            context.copy(device, 0, pinned, 0, BYTES);
            assertThat(context.defaultStream().idle()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void syncMemopsMakesSynchronousCallsWaitAlways(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext(ContextOptions.defaults().with(ContextFlag.SYNC_MEMOPS));
                DeviceBuffer one = context.allocate(4 << 20);
                DeviceBuffer two = context.allocate(4 << 20)) {
            context.fill8(one, 0, (byte) 6, one.size());
            assertThat(context.defaultStream().idle()).isTrue();
            context.copy(two, 0, one, 0, one.size());
            assertThat(context.defaultStream().idle()).isTrue();
            context.copyToDevice(two, 0, MemorySegment.ofArray(new byte[4 << 20]));
            assertThat(context.defaultStream().idle()).isTrue();
        }
    }

    /** Copies and fills of all kinds of memory at random places, against an array that does the same. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anyMixOfCopiesAndFillsDoesWhatAnArrayWould(String uri) {
        SplittableRandom random = new SplittableRandom(uri.hashCode());
        int size = 64 << 10;
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Arena arena = Arena.ofShared();
                Stream stream = context.createStream();
                DeviceBuffer device = context.allocate(size);
                PinnedBuffer pinned = context.allocatePinned(size);
                RegisteredBuffer registered = context.registerHost(arena.allocate(size, 4096), Set.of())) {
            List<DeviceMemory> memories = List.of(device, pinned, registered);
            byte[][] mirrors = new byte[3][size];
            for (int i = 0; i < 3; i++) {
                stream.fill8(memories.get(i), 0, (byte) 0, size);
            }
            for (int step = 0; step < 300; step++) {
                int to = random.nextInt(3);
                int from = random.nextInt(3);
                int bytes = random.nextInt(random.nextBoolean() ? 64 : size / 2);
                int at = random.nextInt(size - bytes);
                int origin = random.nextInt(size - bytes);
                byte value = (byte) step;
                switch (random.nextInt(6)) {
                    case 0 -> {
                        byte[] source = new byte[bytes];
                        random.nextBytes(source);
                        stream.copyToDevice(memories.get(to), at, MemorySegment.ofArray(source));
                        System.arraycopy(source, 0, mirrors[to], at, bytes);
                    }
                    case 1 -> {
                        byte[] result = new byte[bytes];
                        stream.copyToHost(MemorySegment.ofArray(result), memories.get(from), origin);
                        assertThat(result).isEqualTo(java.util.Arrays.copyOfRange(mirrors[from], origin, origin + bytes));
                    }
                    case 2, 3 -> {
                        boolean overlap = to == from && Math.abs(at - origin) < bytes;
                        if (overlap) {
                            int first = to;
                            refused(1, () -> stream.copy(memories.get(first), at, memories.get(first), origin, bytes));
                        } else {
                            stream.copy(memories.get(to), at, memories.get(from), origin, bytes);
                            System.arraycopy(mirrors[from].clone(), origin, mirrors[to], at, bytes);
                        }
                    }
                    case 4 -> {
                        stream.fill8(memories.get(to), at, value, bytes);
                        java.util.Arrays.fill(mirrors[to], at, at + bytes, value);
                    }
                    default -> {
                        int aligned = at & ~3;
                        stream.fill32(memories.get(to), aligned, 0x01010101 * (value & 0x7F), bytes / 4);
                        java.util.Arrays.fill(mirrors[to], aligned, aligned + bytes / 4 * 4, (byte) (value & 0x7F));
                    }
                }
            }
            for (int i = 0; i < 3; i++) {
                byte[] result = new byte[size];
                stream.copyToHost(MemorySegment.ofArray(result), memories.get(i), 0);
                assertThat(result).isEqualTo(mirrors[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void rangesThatDoNotFitAreRefusedHoweverLarge(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer device = context.allocate(100);
                PinnedBuffer pinned = context.allocatePinned(100)) {
            MemorySegment host = MemorySegment.ofArray(new byte[64]);
            for (long offset : new long[]{-1, 101, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 50, 1L << 40}) {
                refused(1, () -> stream.copy(device, offset, pinned, 0, 10));
                refused(1, () -> stream.copy(device, 0, pinned, offset, 10));
                refused(1, () -> stream.copyToDevice(device, offset, host));
                refused(1, () -> stream.copyToHost(host, device, offset));
                refused(1, () -> stream.fill8(device, offset, (byte) 1, 10));
            }
            for (long count : new long[]{-1, 101, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 62, (1L << 62) + 4, (1L << 63) + 2}) {
                refused(1, () -> stream.copy(device, 0, pinned, 0, count));
                refused(1, () -> stream.fill8(device, 0, (byte) 1, count));
                refused(1, () -> stream.fill16(device, 0, (short) 1, count));
                refused(1, () -> stream.fill32(device, 0, 1, count));
            }
            refused(1, () -> stream.fill32(device, 0, 1, 26));
            refused(1, () -> stream.fill32(device, 2, 1, 1));
            refused(1, () -> stream.fill16(device, 1, (short) 1, 1));
            refused(1, () -> context.allocate(0));
            refused(1, () -> context.allocate(-5));
            refused(2, () -> context.allocate(Long.MAX_VALUE));
            refused(2, () -> context.allocate(1L << 40));
            stream.copy(device, 100, pinned, 100, 0);
            stream.fill8(device, 100, (byte) 1, 0);
            stream.synchronize();
            assertThat(context.lost()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void hostMemoryThatCannotBeReachedIsRefusedBeforeAnythingIsSubmitted(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer device = context.allocate(64)) {
            MemorySegment closed;
            try (Arena arena = Arena.ofShared()) {
                closed = arena.allocate(64);
            }
            refused(1, () -> stream.copyToDevice(device, 0, closed));
            refused(1, () -> stream.copyToHost(closed, device, 0));
            MemorySegment readOnly = MemorySegment.ofArray(new byte[64]).asReadOnly();
            refused(1, () -> stream.copyToHost(readOnly, device, 0));
            stream.copyToDevice(device, 0, readOnly);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment foreign = arena.allocate(64);
                Devices.sideBySide(ppu.link(), List.of(() -> {
                    refused(1, () -> stream.copyToDevice(device, 0, foreign));
                    refused(1, () -> stream.copyToHost(foreign, device, 0));
                }));
                stream.copyToHost(foreign, device, 0);
            }
            stream.synchronize();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void twoThreadsCopyThroughOneStreamEachInItsOrder(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer device = context.allocate(8L * BYTES)) {
            List<Runnable> bodies = java.util.stream.IntStream.range(0, 4).<Runnable>mapToObj(t -> () -> {
                byte[] sent = new byte[BYTES];
                byte[] got = new byte[BYTES];
                for (int i = 0; i < 5; i++) {
                    java.util.Arrays.fill(sent, (byte) (10 * t + i));
                    stream.copyToDevice(device, 2L * t * BYTES, MemorySegment.ofArray(sent));
                    stream.copy(device, (2L * t + 1) * BYTES, device, 2L * t * BYTES, BYTES);
                    stream.copyToHost(MemorySegment.ofArray(got), device, (2L * t + 1) * BYTES);
                    assertThat(got).isEqualTo(sent);
                }
            }).toList();
            Devices.sideBySide(ppu.link(), bodies);
        }
    }
}
