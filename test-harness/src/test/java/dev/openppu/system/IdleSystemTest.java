package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a process costs that has everything open and nothing to do: the model of the device included. */
@Isolated
class IdleSystemTest {
    private static final Duration WATCHED = Duration.ofSeconds(3);

    private static final int WINDOWS = 4;
    /** A hundredth, and a tick of the kernel's clock. */
    private static final long LIMIT_MILLIS = 3000 / 100 + 10;

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    @Test
    void anIdleProcessTakesLessThanAHundredthOfAProcessor() throws InterruptedException {
        try (Ppu ppu = Devices.open(Devices.FREE)) {
            List<Context> contexts = new ArrayList<>();
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                contexts.add(ppu.createContext());
                for (int s = 0; s < 50; s++) {
                    streams.add(contexts.getLast().createStream());
                }
            }
            for (Stream stream : streams) {
                DeviceBuffer buffer = stream.context().allocate(64);
                stream.fill8(buffer, 0, (byte) 1, 64);
                stream.done().join(); // so that the watcher's thread is there
            }
            Thread.sleep(2000); // compilers come to rest
            long least = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS && least > LIMIT_MILLIS; window++) { // other processes make every wake-up dearer
                Duration before = cpu();
                Thread.sleep(WATCHED);
                least = Math.min(least, cpu().minus(before).toMillis());
            }
            assertThat(least).isLessThanOrEqualTo(LIMIT_MILLIS);
        }
    }
}
