package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Pitched;
import dev.openppu.driver.PitchedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rectangles: any pitch and place against an array, interleaved ones, the last row, and what does not fit. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class RectangleCopyTest {
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anyRectangleIsCopiedAsAnArrayWould(String uri) {
        SplittableRandom random = new SplittableRandom(uri.hashCode());
        int size = 40_000;
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer one = context.allocate(size);
                DeviceBuffer two = context.allocate(size)) {
            byte[] mirror = new byte[size];
            random.nextBytes(mirror);
            stream.copyToDevice(one, 0, MemorySegment.ofArray(mirror));
            for (int step = 0; step < 40; step++) {
                int width = 1 + random.nextInt(300);
                int height = 1 + random.nextInt(30);
                int fromPitch = width + random.nextInt(200);
                int toPitch = width + random.nextInt(200);
                int hostPitch = width + random.nextInt(200);
                int from = random.nextInt(size - fromPitch * (height - 1) - width + 1);
                int to = random.nextInt(size - toPitch * (height - 1) - width + 1);
                byte[] expected = new byte[size];
                byte[] host = new byte[hostPitch * (height - 1) + width]; // nothing behind the last row's end
                for (int row = 0; row < height; row++) {
                    System.arraycopy(mirror, from + row * fromPitch, expected, to + row * toPitch, width);
                }
                stream.fill8(two, 0, (byte) 0, size);
                stream.copy2D(new Pitched(two, to, toPitch), new Pitched(one, from, fromPitch), width, height);
                stream.copy2DToHost(MemorySegment.ofArray(host), hostPitch, new Pitched(two, to, toPitch), width, height);
                byte[] got = new byte[size];
                stream.copyToHost(MemorySegment.ofArray(got), two, 0);
                assertThat(got).isEqualTo(expected);
                for (int row = 0; row < height; row++) {
                    for (int column = 0; column < hostPitch && row * hostPitch + column < host.length; column++) {
                        byte right = column < width ? mirror[from + row * fromPitch + column] : 0;
                        if (host[row * hostPitch + column] != right) {
                            assertThat(host[row * hostPitch + column]).as("row %d column %d", row, column).isEqualTo(right);
                        }
                    }
                }
                stream.fill8(two, 0, (byte) 0, size);
                stream.copy2DToDevice(new Pitched(two, to, toPitch), MemorySegment.ofArray(host), hostPitch, width, height);
                stream.copyToHost(MemorySegment.ofArray(got), two, 0);
                assertThat(got).isEqualTo(expected);
            }
        }
    }

    /** The left half of a picture onto its right half: the ranges of rows interleave, and no byte is in both. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void halvesOfOnePictureDoNotOverlap(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer picture = context.allocate(64 * 64)) {
            stream.fill8(picture, 0, (byte) 1, 64 * 64);
            stream.fill2D8(new Pitched(picture, 0, 64), (byte) 2, 32, 64);
            stream.copy2D(new Pitched(picture, 32, 64), new Pitched(picture, 0, 64), 32, 64);
            byte[] got = new byte[64 * 64];
            stream.copyToHost(MemorySegment.ofArray(got), picture, 0);
            assertThat(got).containsOnly(2);
            refused(1, () -> stream.copy2D(new Pitched(picture, 31, 64), new Pitched(picture, 0, 64), 32, 64));
            stream.synchronize();
        }
    }

    /** Any row with any other: refused as a whole, or copied as an array would be. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void rectanglesThatShareAByteAreRefusedBeforeAnythingIsWritten(String uri) {
        SplittableRandom random = new SplittableRandom(uri.hashCode());
        int size = 400;
        int refusals = 0;
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Context other = ppu.createContext();
                Stream stream = context.createStream();
                Stream foreign = other.createStream();
                DeviceBuffer buffer = context.allocate(size)) {
            byte[] mirror = new byte[size];
            random.nextBytes(mirror);
            stream.copyToDevice(buffer, 0, MemorySegment.ofArray(mirror));
            for (int step = 0; step < 60; step++) {
                int width = 1 + random.nextInt(12);
                int height = 1 + random.nextInt(5);
                Pitched to = within(random, buffer, size, width, height);
                Pitched from = within(random, buffer, size, width, height);
                if (shareAByte(to, from, width, height)) {
                    refusals++;
                    refused(1, () -> stream.copy2D(to, from, width, height));
                    refused(1, () -> foreign.copy2D(to, from, width, height));
                } else {
                    stream.copy2D(to, from, width, height);
                    for (int row = 0; row < height; row++) {
                        System.arraycopy(mirror, (int) (from.offset() + row * from.pitch()), mirror,
                                (int) (to.offset() + row * to.pitch()), width);
                    }
                }
                byte[] got = new byte[size];
                stream.copyToHost(MemorySegment.ofArray(got), buffer, 0);
                assertThat(got).isEqualTo(mirror);
            }
            assertThat(refusals).isBetween(5, 55);
            refused(1, () -> foreign.copyPeer(buffer, 0, buffer, 99, 100).join());
            refused(1, () -> Context.copyPeer(buffer, 99, buffer, 0, 100).join());
        }
    }

    private static Pitched within(SplittableRandom random, DeviceBuffer buffer, int size, int width, int height) {
        int pitch = width + random.nextInt(40);
        return new Pitched(buffer, random.nextInt(size - pitch * (height - 1) - width + 1), pitch);
    }

    private static boolean shareAByte(Pitched to, Pitched from, int width, int height) {
        for (long i = 0; i < height; i++) {
            for (long j = 0; j < height; j++) {
                if (Math.abs(to.offset() + i * to.pitch() - from.offset() - j * from.pitch()) < width) {
                    return true;
                }
            }
        }
        return false;
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void fillsOfRectanglesWriteEveryWidthAndNothingElse(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer buffer = context.allocate(4096)) {
            stream.fill8(buffer, 0, (byte) 0, 4096);
            stream.fill2D8(new Pitched(buffer, 1, 37), (byte) 1, 5, 3);
            stream.fill2D16(new Pitched(buffer, 1000, 38), (short) 0x0202, 5, 3);
            stream.fill2D32(new Pitched(buffer, 2000, 40), 0x03030303, 5, 3);
            byte[] got = new byte[4096];
            stream.copyToHost(MemorySegment.ofArray(got), buffer, 0);
            byte[] expected = new byte[4096];
            for (int row = 0; row < 3; row++) {
                java.util.Arrays.fill(expected, 1 + 37 * row, 1 + 37 * row + 5, (byte) 1);
                java.util.Arrays.fill(expected, 1000 + 38 * row, 1000 + 38 * row + 10, (byte) 2);
                java.util.Arrays.fill(expected, 2000 + 40 * row, 2000 + 40 * row + 20, (byte) 3);
            }
            assertThat(got).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void whatDoesNotFitIsRefusedAndEmptyOnesDoNothing(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Stream stream = context.createStream();
                DeviceBuffer buffer = context.allocate(1000);
                DeviceBuffer other = context.allocate(1000)) {
            Pitched fits = new Pitched(other, 0, 100);
            MemorySegment host = MemorySegment.ofArray(new byte[1000]);
            refused(1, () -> stream.copy2D(new Pitched(buffer, 0, 99), fits, 100, 2));
            refused(1, () -> stream.copy2D(fits, new Pitched(buffer, 0, 99), 100, 2));
            refused(1, () -> stream.copy2D(new Pitched(buffer, 1, 100), fits, 100, 10));
            refused(1, () -> stream.copy2D(new Pitched(buffer, 0, 100), fits, 100, 11));
            refused(1, () -> stream.copy2D(new Pitched(buffer, 0, Long.MAX_VALUE), fits, 100, 2));
            refused(1, () -> stream.copy2D(new Pitched(buffer, 0, 1L << 62), fits, 100, 5)); // wraps to a small number
            refused(1, () -> stream.copy2D(new Pitched(buffer, 0, 100), fits, -1, 2));
            refused(1, () -> stream.copy2D(new Pitched(buffer, 0, 100), fits, 10, -1));
            refused(1, () -> stream.copy2D(new Pitched(buffer, 0, -100), fits, 10, 2));
            refused(1, () -> stream.copy2D(new Pitched(buffer, -1, 100), fits, 10, 2));
            refused(1, () -> stream.copy2DToDevice(fits, host, 99, 100, 2));
            refused(1, () -> stream.copy2DToDevice(fits, host.asSlice(1), 100, 100, 10));
            refused(1, () -> stream.copy2DToHost(host, 200, fits, 100, 6));
            refused(1, () -> stream.fill2D8(new Pitched(buffer, 0, 9), (byte) 1, 10, 2));
            refused(1, () -> stream.fill2D16(new Pitched(buffer, 0, 19), (short) 1, 9, 2));
            refused(1, () -> stream.fill2D32(new Pitched(buffer, 2, 20), 1, 2, 2));
            refused(1, () -> stream.fill2D32(new Pitched(buffer, 0, 20), 1, 1L << 62, 2));
            stream.copy2D(new Pitched(buffer, 0, 100), fits, 0, 5);
            stream.copy2D(new Pitched(buffer, 0, 100), fits, 5, 0);
            stream.fill2D8(new Pitched(buffer, 1000, 100), (byte) 1, 0, 0);
            stream.copy2D(new Pitched(buffer, 0, 100), fits, 100, 10);
            stream.synchronize();
            refused(1, () -> context.allocatePitched(100, 100, 5));
            refused(1, () -> context.allocatePitched(0, 1, 4));
            refused(1, () -> context.allocatePitched(1, -1, 4));
            refused(2, () -> context.allocatePitched(1L << 40, 1L << 10, 4));
            try (PitchedBuffer pitched = context.allocatePitched(5, 7, 16)) {
                assertThat(pitched.pitch()).isGreaterThanOrEqualTo(5).matches(p -> p % PitchedBuffer.ALIGNMENT == 0);
                stream.fill2D8(pitched.at(0, 0), (byte) 1, 5, 7);
                stream.synchronize();
            }
        }
    }
}
