package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver's work through a client that answers the device only between its own commands, as QEMU does whose memory is not shared: neither waits for the other. */
@Timeout(120)
class OneThingAtATimeTest {
    private static final int BYTES = 1 << 20;
    private static final int ROUNDS = 8;

    @Test
    void workIsDoneAndNoMemoryIsRefused(@TempDir Path folder) throws Exception {
        Path between = folder.resolve("between.sock");
        try (ServedProcess server = new ServedProcess(folder.resolve("ppu.sock"), "model:zw810e");
                OneThingAtATime client = new OneThingAtATime(between, folder.resolve("ppu.sock"))) {
            assertThat(server.uri()).isNotEmpty();
            long begin = System.nanoTime();
            try (Ppu ppu = Ppu.open("vfio-user:" + between + "?dma=messages")) {
                Devices.work(ppu);
                copy(ppu);
            }
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(60));
            assertThat(client.withheld()).as("questions that came while a command waited").isPositive();
        }
    }

    private static void copy(Ppu ppu) {
        Random random = new Random(810);
        byte[] there = new byte[BYTES];
        byte[] back = new byte[BYTES];
        try (Context context = ppu.createContext(); DeviceBuffer buffer = context.allocate(BYTES)) {
            for (int round = 0; round < ROUNDS; round++) {
                random.nextBytes(there);
                context.copyToDevice(buffer, 0, MemorySegment.ofArray(there));
                context.copyToHost(MemorySegment.ofArray(back), buffer, 0);
                assertThat(back).isEqualTo(there);
            }
        }
    }
}
