package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.reg.EngineResetRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import java.lang.foreign.ValueLayout;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 5 of docs/device.md: priorities, and kernels that make room for more urgent ones. */
class PriorityTest {
    private static final long OUT = TestContext.DEVICE_VA + (16 << 20);
    private static final int COMPUTE = 4;

    private Bench bench;
    private TestRings rings;
    private TestContext context;
    private TestContext urgentContext;
    private TestKernels kernels;
    private TestKernels urgentKernels;
    private TestQueue low;
    private TestQueue high;

    static Stream<Bench> worlds() {
        return Stream.of(1, 2, 3, 4, 5).map(i -> i < 4 ? Bench.simulated(i) : Bench.freeRunning(i));
    }

    private void set(Bench world) {
        bench = world.booted();
        rings = new TestRings(bench, 6).greeted();
        bench.regs.compute().writeWatchdog(0);
        context = new TestContext(bench, 1);
        urgentContext = new TestContext(bench, 2);
        kernels = new TestKernels(context);
        urgentKernels = new TestKernels(urgentContext);
        low = context.queue(5).enable();
        high = urgentContext.queue(6).enable(QueueRegs.Control.withPriority(0, 2));
    }

    private long endless(TestQueue on, TestKernels with) {
        long signal = with.launch(on, TestKernels.Name.FOREVER, 200, 64, 0);
        bench.await("every unit busy", () -> bench.regs.compute().readBlocksActive() == 64);
        return signal;
    }

    private long urgent() {
        return urgentKernels.launch(high, TestKernels.Name.NUMBER, 100, 64, urgentKernels.parameters(OUT, 7));
    }

    private void urgentIsDone(long signal) {
        high.awaitSignal(signal);
        high.awaitSignal(high.copy(true, OUT, TestContext.HOST_VA, 100 * 64 * 4));
        for (int i = 0; i < 100 * 64; i++) {
            assertThat(urgentContext.host.get(ValueLayout.JAVA_INT, i * 4L)).isEqualTo(i + 7);
        }
    }

    private QueueHold hold(TestQueue of) {
        return QueueHold.of(QueueRegs.Status.hold(of.regs.readStatus()));
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aShortKernelOfHigherPriorityOvertakesAnEndlessOne(Bench world) {
        try (world) {
            set(world);
            long forever = endless(low, kernels);
            long before = bench.world.nanos();
            urgentIsDone(urgent());
            if (bench.world.simulated()) {
                assertThat(bench.world.nanos() - before).as("a slice, a context save, the kernel").isLessThan(2_000_000);
            }
            assertThat(low.value(forever)).isEqualTo(1);
            bench.await("the endless one goes on", () -> hold(low) == QueueHold.NONE && bench.regs.compute().readBlocksActive() == 64);
            long progress = low.regs.readProgress();
            bench.await("progress", () -> low.regs.readProgress() > progress + 3);
            assertThat(bench.regs.errorLog().readTotal()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void twoEndlessKernelsOfDifferentPriorityBothMakeProgressAndTheLowerIsShownAsPutAside(Bench world) {
        try (world) {
            set(world);
            endless(low, kernels);
            urgentKernels.launch(high, TestKernels.Name.FOREVER, 200, 64, 0);
            bench.await("put aside", () -> hold(low) == QueueHold.PREEMPTED);
            long progress = low.regs.readProgress();
            bench.await("nobody starves", () -> low.regs.readProgress() > progress);
            long urgentProgress = high.regs.readProgress();
            bench.await("the higher goes on", () -> high.regs.readProgress() > urgentProgress + 10);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aKernelThatCannotBePutAsideLosesItsContext(Bench world) {
        try (world) {
            set(world);
            bench.faults.failPreemptions(1);
            long forever = endless(low, kernels);
            long urgent = urgent();
            low.awaitFailure(forever, QueueError.KERNEL_EXCEPTION);
            assertThat(rings.awaitXid().xid()).isEqualTo(385);
            urgentIsDone(urgent);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aResetOfTheQueueWhoseKernelIsPutAsideForgetsIt(Bench world) {
        try (world) {
            set(world);
            long forever = endless(low, kernels);
            long urgent = urgentKernels.launch(high, TestKernels.Name.FOREVER, 200, 64, 0);
            bench.await("put aside", () -> hold(low) == QueueHold.PREEMPTED);
            low.regs.writeControl(QueueRegs.Control.withReset(low.regs.readControl(), true));
            bench.await("the end of the reset", () -> low.state() == QueueState.DISABLED);
            assertThat(low.value(forever)).isEqualTo(-1);
            assertThat(high.value(urgent)).isEqualTo(1);
            high.regs.writeControl(QueueRegs.Control.withReset(high.regs.readControl(), true));
            bench.await("the end of the reset", () -> high.state() == QueueState.DISABLED);
            assertThat(bench.regs.compute().readBlocksActive()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void anEngineResetLosesWhatIsPutAsideToo(Bench world) {
        try (world) {
            set(world);
            long forever = endless(low, kernels);
            long urgent = urgentKernels.launch(high, TestKernels.Name.FOREVER, 200, 64, 0);
            bench.await("put aside", () -> hold(low) == QueueHold.PREEMPTED);
            bench.regs.engineReset().writeRequest(COMPUTE);
            bench.await("the end of the engine's reset", () -> EngineResetRegs.Status.busy(bench.regs.engineReset().readStatus()) == 0);
            assertThat(low.value(forever)).isEqualTo(-1);
            assertThat(high.value(urgent)).isEqualTo(-1);
            assertThat(low.error()).isEqualTo(QueueError.RESET);
            assertThat(high.error()).isEqualTo(QueueError.RESET);
            high.disable();
            high.clearRing();
            high.readIndex.fill((byte) 0);
            high.enable(QueueRegs.Control.withPriority(0, 2));
            urgentIsDone(urgent());
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void copiesOfHigherPriorityGoFirstAndLowerOnesAreNotStarved(Bench world) {
        try (world) {
            set(world);
            long[] slow = new long[8];
            for (int i = 0; i < slow.length; i++) {
                slow[i] = low.copy(TestContext.DEVICE_VA, OUT, 8 << 20);
            }
            long quick = high.copy(TestContext.HOST_VA, OUT, 64);
            high.awaitSignal(quick);
            if (bench.world.simulated()) {
                assertThat(low.value(slow[7])).as("the last of the slow ones").isEqualTo(1);
            }
            for (int i = 0; i < 200 && low.value(slow[7]) == 1; i++) {
                high.copy(TestContext.DEVICE_VA, OUT, 1 << 20);
            }
            low.awaitSignal(slow[7]);
        }
    }
}
