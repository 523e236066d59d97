package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.driver.tix.TixException;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process that serves the device is killed, or stopped, while copies run: within a second every waiter has heard that the device is lost, and another server can be attached to. */
@Timeout(180)
class ServerLossTest {
    private static final int BYTES = 4 << 20;
    private static final int THREADS = 3;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP"})
    void whoeverWaitsHearsWithinASecondThatTheDeviceIsLost(String how, @TempDir Path folder) throws Exception {
        try (ServedProcess server = new ServedProcess(folder.resolve("ppu.sock"), "model:zw810e");
                DeviceLink link = Links.open(server.uri())) {
            ConcurrentLinkedQueue<RuntimeException> heard = new ConcurrentLinkedQueue<>();
            ConcurrentLinkedQueue<Long> ends = new ConcurrentLinkedQueue<>();
            Ppu ppu = Ppu.open(link, PpuOptions.builder().noDumps().build());
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        copy(ppu);
                    } catch (RuntimeException e) {
                        heard.add(e);
                        ends.add(System.nanoTime());
                    }
                }));
            }
            Thread.sleep(1500);
            assertThat(heard).isEmpty();
            long begin = System.nanoTime();
            server.signal(how);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(heard).as("%s", heard).hasSize(THREADS).hasOnlyElementsOfTypes(DeviceLostException.class);
            String why = how.equals("KILL") ? "has ended" : "is stopped";
            assertThat(heard).allSatisfy(loss -> assertThat(loss).hasMessageContaining(why));
            assertThat(ends).allSatisfy(end -> assertThat(end - begin).isLessThan(LIMIT_NANOS));
            ppu.close();
        }
        try (ServedProcess server = new ServedProcess(folder.resolve("ppu.sock"), "model:zw810e"); Ppu ppu = Ppu.open(server.uri())) {
            Devices.work(ppu);
        }
    }

    /** A kernel runs, and copies in both directions on several streams: each waiter hears it, and memory that was nobody's target is as it was. */
    @Test
    void aServerThatIsKilledUnderAKernelAndCopiesHarmsNoMemory(@TempDir Path folder) throws Exception {
        try (ServedProcess server = new ServedProcess(folder.resolve("ppu.sock"), "model:zw810e");
                DeviceLink link = Links.open(server.uri())) {
            Ppu ppu = Ppu.open(link, PpuOptions.builder().noDumps().build());
            ppu.setWatchdogCycles(0);
            Context context = ppu.createContext();
            ConcurrentLinkedQueue<RuntimeException> heard = new ConcurrentLinkedQueue<>();
            ConcurrentLinkedQueue<Long> ends = new ConcurrentLinkedQueue<>();
            List<byte[]> sources = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                byte[] source = new byte[BYTES];
                Arrays.fill(source, (byte) (t + 1));
                sources.add(source);
                threads.add(waiter(heard, ends, () -> copyBothWays(context, source)));
            }
            PinnedBuffer bystander = context.allocatePinned(BYTES);
            bystander.segment().fill((byte) 0x5a);
            threads.add(waiter(heard, ends, () -> runForever(context)));
            Thread.sleep(1000);
            assertThat(heard).isEmpty();
            long begin = System.nanoTime();
            server.signal("KILL");
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(heard).as("%s", heard).hasSize(THREADS + 1).hasOnlyElementsOfTypes(DeviceLostException.class);
            assertThat(ends).allSatisfy(end -> assertThat(end - begin).isLessThan(LIMIT_NANOS));
            for (int t = 0; t < THREADS; t++) {
                byte[] untouched = new byte[BYTES];
                Arrays.fill(untouched, (byte) (t + 1));
                assertThat(sources.get(t)).isEqualTo(untouched);
            }
            assertThat(bystander.segment().mismatch(MemorySegment.ofArray(filled(0x5a)))).isEqualTo(-1);
            ppu.close();
        }
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static Thread waiter(ConcurrentLinkedQueue<RuntimeException> heard, ConcurrentLinkedQueue<Long> ends, Runnable body) {
        return Thread.ofPlatform().start(() -> {
            try {
                body.run();
            } catch (RuntimeException e) {
                heard.add(e);
                ends.add(System.nanoTime());
            }
        });
    }

    private static void copyBothWays(Context context, byte[] source) {
        byte[] target = new byte[BYTES];
        try (Stream stream = context.createStream(); DeviceBuffer buffer = context.allocate(BYTES)) {
            while (true) {
                stream.copyToDevice(buffer, 0, MemorySegment.ofArray(source));
                stream.copyToHost(MemorySegment.ofArray(target), buffer, 0);
                stream.synchronize();
                assertThat(target).isEqualTo(source);
            }
        }
    }

    private static void runForever(Context context) {
        try (Stream stream = context.createStream()) {
            PpuModule module = context.loadModule("forever.tix", ".entry forever() { again: ppu.bra again; }");
            stream.launch(module.kernel("forever"), Launch.of(Launch.Extent.of(4), Launch.Extent.of(64)));
            stream.synchronize();
        } catch (TixException e) {
            throw new AssertionError(e);
        }
    }

    private static void copy(Ppu ppu) {
        byte[] bytes = new byte[BYTES];
        try (Context context = ppu.createContext(); DeviceBuffer buffer = context.allocate(BYTES)) {
            while (true) {
                context.copyToDevice(buffer, 0, MemorySegment.ofArray(bytes));
                context.copyToHost(MemorySegment.ofArray(bytes), buffer, 0);
            }
        }
    }
}
