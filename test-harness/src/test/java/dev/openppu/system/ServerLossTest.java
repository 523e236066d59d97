package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceLostException;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.Links;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
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
            assertThat(ends).allSatisfy(end -> assertThat(end - begin).isLessThan(LIMIT_NANOS));
            ppu.close();
        }
        try (ServedProcess server = new ServedProcess(folder.resolve("ppu.sock"), "model:zw810e"); Ppu ppu = Ppu.open(server.uri())) {
            Devices.work(ppu);
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
