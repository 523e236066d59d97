package dev.openppu.system.load;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault that can be injected, while several tenants use the whole API: nothing waits for ever, every number that comes back is right, nobody loses more than the fault may
 * reach, nothing is left behind, and the device goes on.
 *
 * <p>Longer: {@code -Dopenppu.soak=N} runs N seeds of each fault.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class FaultsUnderLoadTest {
    private static final int SEEDS = 1;

    static Stream<Arguments> seeds() {
        int seeds = Integer.getInteger("openppu.soak", SEEDS);
        return Stream.of(Fault.values()).flatMap(fault -> LongStream.rangeClosed(1, seeds).mapToObj(seed -> Arguments.of(fault, seed)));
    }

    static LongStream pairs() {
        return LongStream.rangeClosed(1, 10L * Integer.getInteger("openppu.soak", SEEDS));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("seeds")
    void reachNoFurtherThanTheyMay(Fault fault, long seed) {
        FaultRun.of("model:zw810e?clock=sim&seed=" + seed, List.of(fault), seed);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_INTERRUPTS", "STORM", "LOST_DOORBELLS", "LATE_COMPLETIONS", "QUEUE_HANGS", "COPY_ENGINE_HANGS",
        "COMPUTE_HANGS",
        "COMPUTE_HANGS_AND_ITS_RESET_FAILS", "FIRMWARE_CRASHES", "A_RESET_BEHIND_THE_DRIVERS_BACK"})
    void reachNoFurtherInRealTime(Fault fault) {
        FaultRun.of("model:zw810e?clock=free", List.of(fault), 1);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("pairs")
    void reachNoFurtherWhenTwoComeTogether(long seed) {
        List<Fault> faults = Arrays.asList(Fault.values());
        Collections.shuffle(faults, new Random(seed));
        FaultRun.of("model:zw810e?clock=sim&seed=" + seed, faults.subList(0, 2), seed);
    }
}
