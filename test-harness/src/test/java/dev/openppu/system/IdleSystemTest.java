package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a process costs that has everything open and nothing to do, the model of the device included: seen from outside, in a JVM of its own. */
@Isolated
class IdleSystemTest {
    private static final int WINDOWS = 5;
    private static final long WINDOW_SECONDS = 3;
    /** A hundredth, and a tick of the kernel's clock. */
    private static final long LIMIT_MILLIS = WINDOW_SECONDS * 1000 / 100 + 10;
    private static final long WAITING_MILLIS = WINDOW_SECONDS * 1000 / 10;

    @Test
    void anIdleProcessTakesLessThanAHundredthOfAProcessor() throws IOException, InterruptedException {
        assertThat(least(IdleProcess.class, LIMIT_MILLIS)).isLessThanOrEqualTo(LIMIT_MILLIS);
    }

    /** A queue of the model has to look at memory for what the host may write; it looks the less often the longer it waits. */
    @Test
    void aStreamThatWaitsForAValueTakesLessThanATenthOfAProcessor() throws IOException, InterruptedException {
        assertThat(least(WaitingProcess.class, WAITING_MILLIS)).isLessThanOrEqualTo(WAITING_MILLIS);
    }

    /** What the quietest of some windows took, or the first that took no more than wanted: other processes make every wake-up dearer. */
    private static long least(Class<?> main, long wanted) throws IOException, InterruptedException {
        Process process = OwnProcess.start(main);
        try {
            assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo(IdleProcess.READY);
            long least = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS && least > wanted; window++) {
                long before = cpuMillis(process);
                assertThat(process.waitFor(WINDOW_SECONDS, TimeUnit.SECONDS)).as("it is still there").isFalse();
                least = Math.min(least, cpuMillis(process) - before);
            }
            return least;
        } finally {
            process.destroyForcibly();
        }
    }

    private static long cpuMillis(Process process) {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }
}
