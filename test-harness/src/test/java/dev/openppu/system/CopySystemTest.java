package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies and fills of every size and alignment, compared whole with a host array to which the same was done. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class CopySystemTest {
    private static final int BYTES = 700_001;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void everySizeAndAlignmentInEveryDirection(String uri) {
        Random random = new Random(uri.hashCode());
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream(StreamOptions.defaults().withLog2Packets(3))) {
            try (DeviceBuffer device = context.allocate(BYTES); PinnedBuffer pinned = context.allocatePinned(BYTES)) {
                byte[][] model = {new byte[BYTES], new byte[BYTES]};
                DeviceMemory[] memory = {device, pinned};
                stream.fill8(device, 0, (byte) 0, BYTES);
                for (int i = 0; i < 150; i++) {
                    int which = random.nextInt(2);
                    step(random, stream, memory, model, which);
                }
                stream.synchronize();
                byte[] back = new byte[BYTES];
                context.copyToHost(MemorySegment.ofArray(back), device, 0);
                assertThat(Arrays.mismatch(back, model[0])).isEqualTo(-1);
                assertThat(Arrays.mismatch(pinned.segment().toArray(ValueLayout.JAVA_BYTE), model[1])).isEqualTo(-1);
            }
        }
    }

    private static void step(Random random, Stream stream, DeviceMemory[] memory, byte[][] model, int which) {
        int bytes = random.nextInt(4) == 0 ? random.nextInt(BYTES) : random.nextInt(300);
        int at = random.nextInt(BYTES - bytes);
        switch (random.nextInt(5)) {
            case 0 -> {
                byte[] data = new byte[bytes];
                random.nextBytes(data);
                stream.copyToDevice(memory[which], at, MemorySegment.ofArray(data));
                System.arraycopy(data, 0, model[which], at, bytes);
                Arrays.fill(data, (byte) 0xee); // staged: the source is the caller's again
            }
            case 1 -> {
                int from = random.nextInt(BYTES - bytes);
                stream.copy(memory[which], at, memory[1 - which], from, bytes);
                System.arraycopy(model[1 - which], from, model[which], at, bytes);
            }
            case 2 -> {
                byte[] back = new byte[bytes];
                stream.copyToHost(MemorySegment.ofArray(back), memory[which], at);
                assertThat(Arrays.equals(back, 0, bytes, model[which], at, at + bytes)).isTrue();
            }
            case 3 -> {
                byte value = (byte) random.nextInt();
                stream.fill8(memory[which], at, value, bytes);
                Arrays.fill(model[which], at, at + bytes, value);
            }
            default -> {
                int aligned = at & ~3;
                int value = random.nextInt();
                stream.fill32(memory[which], aligned, value, bytes / 4);
                for (int i = 0; i < bytes / 4 * 4; i++) {
                    model[which][aligned + i] = (byte) (value >>> 8 * (i & 3));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void bigBuffersAreReachedByBigPages(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                DeviceBuffer buffer = context.allocate((5L << 30) + 12345)) {
            byte[] data = {1, 2, 3, 4, 5, 6, 7};
            byte[] back = new byte[7];
            for (long at : new long[]{0, (2L << 20) - 3, (1L << 30) - 4, (4L << 30) - 2, buffer.size() - 7}) {
                context.copyToDevice(buffer, at, MemorySegment.ofArray(data));
                context.copyToHost(MemorySegment.ofArray(back), buffer, at);
                assertThat(back).isEqualTo(data);
            }
            assertThat(ppu.inventory().deviceBytes()).isBetween(buffer.size(), buffer.size() + (1L << 20));
        }
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeItIsSubmitted() {
        try (Ppu ppu = Devices.open(Devices.simulated(1));
                Context context = ppu.createContext();
                Context other = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer buffer = context.allocate(100);
                DeviceBuffer foreign = other.allocate(100)) {
            assertThatThrownBy(() -> stream.fill8(buffer, 1, (byte) 0, 100)).isInstanceOf(PpuException.class);
            assertThatThrownBy(() -> stream.fill32(buffer, 2, 0, 1)).isInstanceOf(PpuException.class).hasMessageContaining("multiple of 4");
            assertThatThrownBy(() -> stream.copy(buffer, 0, buffer, 10, 20)).isInstanceOf(PpuException.class)
                    .hasMessageContaining("overlap");
            assertThatThrownBy(() -> stream.fill8(foreign, 0, (byte) 0, 1)).isInstanceOf(PpuException.class)
                    .hasMessageContaining("another context");
            assertThatThrownBy(() -> stream.copyToHost(MemorySegment.ofArray(new byte[1]).asReadOnly(), buffer, 0))
                    .isInstanceOf(PpuException.class);
            assertThatThrownBy(() -> context.allocate(0)).isInstanceOf(PpuException.class).hasMessageContaining("ask for 1 or more");
            stream.copy(buffer, 100, buffer, 0, 0);
            stream.copyToDevice(buffer, 100, MemorySegment.ofArray(new byte[0]));
            stream.synchronize();
            assertThat(context.lost()).isFalse();
        }
    }
}
