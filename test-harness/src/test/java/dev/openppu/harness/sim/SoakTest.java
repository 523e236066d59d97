package dev.openppu.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.harness.sim.check.Invariant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device in real time holds what simulated ones hold, and a soak finds what is not given back. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SoakTest {
    private static final Patience SHORT = new Patience(Patience.REAL.options(), Patience.REAL.work(), Patience.REAL.promises(),
            Duration.ofMillis(200));

    @TempDir
    private Path folder;

    private SoakSpec spec(String faults, Duration length) {
        return new SoakSpec("zw810e", 1, FaultProfile.find(faults).orElseThrow(), Optional.empty(), length,
                folder.resolve("made/if-missing"));
    }

    @Test
    void everyFaultIsSurvivedInRealTime() {
        SoakResult result = new Soak(spec("all", Duration.ofSeconds(10)), soFar -> {}).run();
        assertThat(result.failure()).isEmpty();
        assertThat(result.counters()).noneMatch(Trend::grown).extracting(Trend::name).contains("threads", "heap after collection");
        assertThat(result.struck()).isNotEmpty();
        assertThat(result.steps()).isPositive();
    }

    @Test
    void aContextThatIsNotClosedIsFoundInItsRound() {
        SoakResult result = new Soak(spec("none", Duration.ofSeconds(10)), soFar -> {}, SHORT, ppu -> ppu.createContext()).run();
        SoakFailure failure = result.failure().orElseThrow();
        assertThat(failure.round()).isZero();
        assertThat(failure.violation().invariant()).isEqualTo(Invariant.LEAKS);
        assertThat(failure.threads().orElseThrow()).content().contains("main");
        assertThat(result.good()).isFalse();
    }

    @Test
    void whatGrowsIsToldFromWhatWarmsUpOrGoesUpAndDown() {
        assertThat(new Trend("threads", "", 4, LongStream.range(0, 60).toArray()).grown()).isTrue();
        assertThat(new Trend("heap", "MiB", 4, LongStream.range(0, 60).map(i -> Math.min(i, 10)).toArray()).grown()).isFalse();
        assertThat(new Trend("mappings", "", 4, LongStream.range(0, 60).map(i -> i % 7 * 10).toArray()).grown()).isFalse();
        assertThat(new Trend("threads", "", 4, 1, 1000).grown()).as("too few to tell").isFalse();
    }

    @Test
    void aThreadThatStaysInEveryRoundIsGrowth() {
        ProcessCounters counters = new ProcessCounters();
        CountDownLatch end = new CountDownLatch(1);
        try {
            for (int i = 0; i < 30; i++) {
                counters.sample();
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            assertThat(counters.trends()).filteredOn(Trend::grown).extracting(Trend::name).contains("threads");
        } finally {
            end.countDown();
        }
    }
}
