package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiters on virtual threads leave their carriers to others: with one or two of them, in a JVM of its own, everybody gets on. */
class VirtualThreadSystemTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void waitersOnFewCarriersHoldNobody(int carriers) throws IOException {
        Process process = OwnProcess.start(VirtualThreadProcess.class, "-Djdk.virtualThreadScheduler.parallelism=" + carriers,
                "-Djdk.virtualThreadScheduler.maxPoolSize=" + carriers);
        try {
            assertThat(process.inputReader(StandardCharsets.UTF_8).lines()).containsExactly(VirtualThreadProcess.DONE);
        } finally {
            process.destroyForcibly();
        }
    }
}
