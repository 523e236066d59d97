package dev.openppu.system.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.error.Xid;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuOptions;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.hal.Links;
import dev.openppu.harness.sim.work.StepKernel;
import dev.openppu.model.link.ModelLink;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels that are put aside for more urgent ones, and go on: what they compute is right, also while memory corrects errors and the clocks are throttled. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class PreemptedKernelsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final PpuOptions OPTIONS = PpuOptions.builder().drainTimeout(Duration.ofMillis(50)).noDumps().build();
    private static final int BLOCK = 32;
    /** More blocks than there are units. */
    private static final int WORDS = 80 * BLOCK;
    /** Of four instructions: more than a slice of 50,000. */
    private static final int LONG_TURNS = 15_000;
    private static final int SHORT_TURNS = 500;
    private static final int MOST_URGENT = 200;

    /** What else happens. */
    private interface Trouble {
        void next(ModelLink link, Ppu ppu, int step);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 2L * Integer.getInteger("openppu.soak", 1));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void goOnAsIfNothingHadHappened(long seed) {
        run("model:zw810e?clock=sim&seed=" + seed, seed, (link, ppu, step) -> {});
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void goOnWhileMemoryCorrectsAndClocksAreThrottled(long seed) {
        Random random = new Random(seed);
        run("model:zw810e?clock=sim&seed=" + seed, seed, (link, ppu, step) -> {
            link.faults().powerBrake(step % 3 == 0);
            link.faults().ambient(step % 5 == 0 ? 85 : 25);
            for (int i = 0; i < 10; i++) {
                link.faults().flipBits(random.nextLong(1 << 16) * Long.BYTES, 1L << random.nextInt(64));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void goOnInRealTime(long seed) {
        run("model:zw810e?clock=free", seed, (link, ppu, step) -> {});
    }

    private static void run(String uri, long seed, Trouble trouble) {
        try (ModelLink link = (ModelLink) Links.open(uri);
                Ppu ppu = Ppu.open(link, OPTIONS);
                Context patient = ppu.createContext();
                Context urgent = ppu.createContext()) {
            Work background = new Work(patient, 0, seed);
            Work foreground = new Work(urgent, -3, seed + 1);
            background.launch(LONG_TURNS);
            boolean aside = false;
            for (int step = 0; step < MOST_URGENT && !(aside && background.stream.idle()); step++) {
                trouble.next(link, ppu, step);
                foreground.launch(SHORT_TURNS);
                while (!foreground.stream.idle()) {
                    aside |= hold(ppu, background) == QueueHold.PREEMPTED;
                }
                if (aside && step % 4 == 0) {
                    link.runtime().sleep(TimeUnit.MICROSECONDS.toNanos(200));
                }
            }
            assertThat(aside).as("the long kernel was put aside").isTrue();
            foreground.check();
            background.check();
            assertThat(ppu.recoveries()).isEmpty();
            assertThat(ppu.xids()).noneMatch(x -> x.number() == Xid.CP_PREEMPT_FAIL.number());
        }
    }

    private static QueueHold hold(Ppu ppu, Work work) {
        return ppu.owner().queues().inspect(work.stream.queue()).hold();
    }

    /** Numbers that kernels step on, and what should have become of them. */
    private static final class Work {
        private final Stream stream;
        private final Kernel kernel;
        private final DeviceBuffer buffer;
        private final int[] wanted;

        Work(Context context, int priority, long seed) {
            stream = context.createStream(StreamOptions.defaults().withPriority(priority));
            kernel = context.loadModule(StepKernel.CODE).kernel(StepKernel.NAME);
            wanted = new Random(seed).ints(WORDS).toArray();
            buffer = context.allocate(4L * WORDS);
            stream.copyToDevice(buffer, 0, MemorySegment.ofArray(wanted));
            stream.synchronize(LONG);
        }

        void launch(int turns) {
            stream.launch(kernel, Launch.linear(WORDS, BLOCK), buffer, WORDS, turns);
            Arrays.setAll(wanted, i -> StepKernel.of(wanted[i], turns));
        }

        void check() {
            int[] found = new int[WORDS];
            stream.synchronize(LONG);
            stream.copyToHost(MemorySegment.ofArray(found), buffer, 0);
            assertThat(found).containsExactly(wanted);
        }
    }
}
