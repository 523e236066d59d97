package dev.openppu.harness.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.Links;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The device is not trusted: whatever its registers answer and whatever it writes to the memory that it may write, the driver's calls end, by a result or by one of its own
 * exceptions, and everything that was taken is given back.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileDeviceTest {
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final int ROUNDS = 6;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void registersThatLie(long seed) {
        assertThat(survive(seed, 200, 1_000_000_000)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32})
    void memoryThatItScribblesOver(long seed) {
        assertThat(survive(seed, 0, 1_000)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44, 45, 46, 47, 48})
    void bothAtOnce(long seed) {
        assertThat(survive(seed, 20, 3_000)).isNotEmpty();
    }

    /** Runs a job on the device, hostile after the bring-up; returns what it threw. */
    private static List<RuntimeException> survive(long seed, int lying, int scribbleNanos) {
        List<RuntimeException> thrown = new ArrayList<>();
        try (HostileDevice device = new HostileDevice(Links.open("model:zw810e?clock=sim&seed=" + seed), seed, lying, scribbleNanos)) {
            Ppu ppu = Ppu.open(device, PpuOptions.builder().messageTimeout(PATIENCE).drainTimeout(PATIENCE).bootTimeout(PATIENCE).build());
            device.arm();
            for (int round = 0; round < ROUNDS; round++) {
                attempt(thrown, () -> job(ppu, thrown));
            }
            attempt(thrown, ppu::close);
            assertThat(ppu.inventory().empty()).as("%s after %s", ppu.inventory(), thrown).isTrue();
        }
        return thrown;
    }

    private static void job(Ppu ppu, List<RuntimeException> thrown) {
        try (Context context = ppu.createContext()) {
            attempt(thrown, () -> work(context));
            attempt(thrown, () -> work(context));
        }
    }

    private static void work(Context context) {
        try (Stream stream = context.createStream(); Stream other = context.createStream(); Event event = context.createEvent()) {
            DeviceBuffer memory = context.allocate(1 << 20);
            PinnedBuffer pinned = context.allocatePinned(8192);
            stream.fill32(memory, 0, 7, 4096);
            stream.copy(pinned, 0, memory, 0, 8192);
            stream.record(event);
            other.waitFor(event);
            other.copy(memory, 1 << 19, pinned, 0, 8192);
            other.synchronize(PATIENCE);
            stream.synchronize(PATIENCE);
            event.synchronize(PATIENCE);
            stream.copyToDevice(memory, 0, MemorySegment.ofArray(new byte[300_000]));
            stream.synchronize(PATIENCE);
            memory.close();
            pinned.close();
        }
    }

    private static void attempt(List<RuntimeException> thrown, Runnable action) {
        try {
            action.run();
        } catch (PpuException | LinkException e) {
            thrown.add(e);
        }
    }
}
