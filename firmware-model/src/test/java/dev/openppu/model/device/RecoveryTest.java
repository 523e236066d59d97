package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.error.DeviceException;
import dev.openppu.abi.packet.AqlHeader;
import dev.openppu.abi.packet.BarrierPacket;
import dev.openppu.abi.packet.CopyPacket;
import dev.openppu.abi.packet.ScatterGatherEntry;
import dev.openppu.abi.packet.Signal;
import dev.openppu.abi.packet.WaitValuePacket;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.Engine;
import dev.openppu.abi.reg.EngineResetRegs;
import dev.openppu.abi.reg.InterruptsRegs;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueHold;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.ResetKind;
import dev.openppu.model.fault.FaultInjector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 5 of docs/device.md: what holds a queue, resets of queues and engines, and what a hung engine does to them. */
class RecoveryTest {
    /** In the context's host memory. */
    private static final int LIST = 12 << 20;
    private static final int PIECES = 512;
    private static final long MIDDLE = TestContext.DEVICE_VA + (16 << 20);
    private static final int COPIES = 3;
    private static final int COMPUTE = 4;

    private Bench bench;
    private TestContext context;
    private TestQueue queue;
    private TestQueue sister;
    private TestQueue stranger;

    static Stream<Bench> worlds() {
        return Stream.of(1, 2, 3, 4).map(i -> i < 4 ? Bench.simulated(i) : Bench.freeRunning(i));
    }

    private void set(Bench world) {
        bench = world.booted();
        context = new TestContext(bench, 1);
        queue = context.queue(2).enable();
        sister = context.queue(3).enable();
        stranger = new TestContext(bench, 2).queue(4).enable();
    }

    private void goesOn(TestQueue other) {
        other.awaitSignal(other.copy(TestContext.HOST_VA, MIDDLE, 5000));
    }

    private void reset(TestQueue of) {
        of.regs.writeControl(QueueRegs.Control.withReset(of.regs.readControl(), true));
        bench.await("the end of the reset", () -> !QueueRegs.Status.resetting(of.regs.readStatus()));
    }

    private void resetSucceeds(TestQueue of) {
        reset(of);
        assertThat(QueueRegs.Status.resetFailed(of.regs.readStatus())).isFalse();
        assertThat(of.state()).isEqualTo(QueueState.DISABLED);
        assertThat(of.regs.readReadIndex()).isZero();
        assertThat(QueueRegs.Control.enable(of.regs.readControl())).isFalse();
        assertThat(InterruptsRegs.Raw.engineReset(bench.regs.interrupts().readRaw())).isTrue();
        of.clearRing();
        of.readIndex.fill((byte) 0);
    }

    private void resetEngines(int request) {
        bench.regs.engineReset().writeRequest(request);
        bench.await("the end of the engine's reset", () -> EngineResetRegs.Status.busy(bench.regs.engineReset().readStatus()) == 0);
    }

    private QueueHold hold(TestQueue of) {
        return QueueHold.of(QueueRegs.Status.hold(of.regs.readStatus()));
    }

    private void awaitHold(TestQueue of, QueueHold wanted) {
        bench.await("hold " + wanted, () -> hold(of) == wanted);
    }

    private void hangCopies() {
        bench.faults.hang(Engine.COPY0);
        bench.faults.hang(Engine.COPY1);
    }

    private long wait64(TestQueue on, long address, long value) {
        long signal = on.signal();
        on.put(WaitValuePacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_NONE), (ring, base) -> WaitValuePacket.encode(ring, base,
                WaitValuePacket.COMPARE_LESS_OR_EQUAL | WaitValuePacket.FLAG_64_BIT, address, value, signal));
        on.ring();
        return signal;
    }

    private long barrier(TestQueue on, int word, long... dependencies) {
        long signal = on.signal();
        on.put(word, (ring, base) -> {
            BarrierPacket.encode(ring, base, signal);
            for (int i = 0; i < dependencies.length; i++) {
                BarrierPacket.dependency(ring, base, i, dependencies[i]);
            }
        });
        on.ring();
        return signal;
    }

    /** Publishes a copy that takes seconds on any host: a list of pieces, 20 GiB together. */
    private long longCopy(TestQueue on) {
        long signal = on.signal();
        for (int i = 0; i < PIECES; i++) {
            ScatterGatherEntry.encode(context.host, LIST + i * 32L, TestContext.DEVICE_VA, MIDDLE + (1 << 20), 40 << 20);
        }
        on.put(CopyPacket.word(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM),
                (ring, base) -> CopyPacket.encode(ring, base, 1, TestContext.HOST_VA + LIST, 0, PIECES, signal));
        on.ring();
        return signal;
    }

    private long finishedCopies() {
        return Integer.toUnsignedLong(bench.regs.copy(0).readFinished()) + bench.regs.copy(1).readFinished();
    }

    private static int and() {
        return BarrierPacket.andWord(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aResetDuringACopyAbandonsItAndNothingElse(Bench world) {
        try (world) {
            set(world);
            long copy = longCopy(queue);
            bench.await("progress", () -> queue.regs.readProgress() > 2);
            resetSucceeds(queue);
            assertThat(queue.value(copy)).isEqualTo(-1);
            goesOn(sister);
            goesOn(stranger);
            goesOn(queue.enable());
            assertThat(bench.regs.errorLog().readTotal()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aResetWhileABarrierOrAWaitHoldsTheQueueEndsItsWait(Bench world) {
        try (world) {
            set(world);
            long never = sister.signal();
            long held = barrier(queue, and(), never);
            awaitHold(queue, QueueHold.DEPENDENCY);
            long progress = queue.regs.readProgress();
            bench.sleep(3_000_000);
            long later = queue.regs.readProgress();
            assertThat(QueueRegs.Progress.count(later)).as("nothing moves").isEqualTo(QueueRegs.Progress.count(progress));
            assertThat(QueueRegs.Progress.looks(later)).as("it is looked after").isGreaterThan(QueueRegs.Progress.looks(progress));
            resetSucceeds(queue);
            assertThat(queue.value(held)).isEqualTo(-1);

            queue.enable();
            long waits = wait64(queue, never, 0);
            long behind = queue.copy(TestContext.HOST_VA, MIDDLE, 64);
            awaitHold(queue, QueueHold.VALUE);
            resetSucceeds(queue);
            assertThat(queue.value(waits)).isEqualTo(-1);
            assertThat(queue.value(behind)).as("was not taken").isEqualTo(1);
            goesOn(queue.enable());
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aQueueWaitsForAnothersTimelineAndForItsFailure(Bench world) {
        try (world) {
            set(world);
            long timeline = sister.signal();
            Signal.publish(context.host, timeline - TestContext.HOST_VA, Long.MAX_VALUE);
            long waits = wait64(queue, timeline, Long.MAX_VALUE - 2);
            for (int i = 0; i < 2; i++) {
                bench.sleep(200_000);
                assertThat(queue.value(waits)).isEqualTo(1);
                sister.put(and(), (ring, base) -> BarrierPacket.encode(ring, base, timeline));
                sister.ring();
            }
            queue.awaitSignal(waits);
            long released = wait64(queue, timeline, 5);
            Signal.publish(context.host, timeline - TestContext.HOST_VA, Signal.FAILED);
            queue.awaitSignal(released);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void eightPacketsInFlightAreAllAbandonedAndShowWhatHolds(Bench world) {
        try (world) {
            set(world);
            TestKernels kernels = new TestKernels(context);
            List<Long> signals = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                signals.add(kernels.launch(queue, TestKernels.Name.FOREVER, 4, 32, 0));
            }
            long ninth = kernels.launch(queue, TestKernels.Name.FOREVER, 1, 32, 0);
            awaitHold(queue, QueueHold.ENGINE);
            long progress = queue.regs.readProgress();
            bench.await("kernels that loop make progress", () -> queue.regs.readProgress() > progress + 10);
            resetSucceeds(queue);
            signals.forEach(signal -> assertThat(queue.value(signal)).isEqualTo(-1));
            assertThat(queue.value(ninth)).isEqualTo(1);
            assertThat(bench.regs.compute().readBlocksActive()).isZero();
            goesOn(sister);
            goesOn(queue.enable());
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aResetOfWhatIsDisabledFailedOrBeingResetEndsToo(Bench world) {
        try (world) {
            set(world);
            TestQueue idle = context.queue(9);
            resetSucceeds(idle);
            queue.awaitFailure(queue.copy(0x77_0000_0000L, MIDDLE, 8), QueueError.MEMORY_FAULT);
            resetSucceeds(queue);
            assertThat(queue.error()).isEqualTo(QueueError.NONE);
            assertThat(sister.error()).isEqualTo(QueueError.CONTEXT_LOST);
            resetSucceeds(sister);
            goesOn(sister.enable());
            long copy = longCopy(sister);
            bench.await("progress", () -> sister.regs.readProgress() > 5);
            sister.regs.writeControl(QueueRegs.Control.withReset(sister.regs.readControl(), true));
            sister.regs.writeControl(QueueRegs.Control.withReset(sister.regs.readControl(), true));
            sister.regs.writeControl(QueueRegs.Control.withEnable(sister.regs.readControl(), true));
            resetSucceeds(sister);
            assertThat(sister.value(copy)).isEqualTo(-1);
            goesOn(sister.enable());
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aHungCopyEngineFailsTheQueuesResetAndTheEnginesResetHelps(Bench world) {
        try (world) {
            set(world);
            hangCopies();
            long first = queue.copy(TestContext.HOST_VA, MIDDLE, 64);
            long second = queue.copy(TestContext.HOST_VA, MIDDLE, 64);
            bench.await("both engines busy", () -> bench.regs.copy(0).readStatus() != 0 && bench.regs.copy(1).readStatus() != 0);
            long waiting = stranger.copy(TestContext.HOST_VA, MIDDLE, 64);
            long progress = queue.regs.readProgress();
            bench.sleep(2_000_000);
            assertThat(queue.regs.readProgress()).isEqualTo(progress);
            reset(queue);
            assertThat(QueueRegs.Status.resetFailed(queue.regs.readStatus())).isTrue();
            assertThat(QueueRegs.Status.exception(queue.regs.readStatus())).as("no kernel raised one").isEqualTo(DeviceException.NONE);
            assertThat(queue.state()).isEqualTo(QueueState.ERROR);
            assertThat(queue.value(first)).isEqualTo(1);

            resetEngines(COPIES);
            assertThat(EngineResetRegs.Status.failed(bench.regs.engineReset().readStatus())).isZero();
            assertThat(bench.regs.engineReset().readDone()).isEqualTo(2);
            assertThat(queue.value(first)).isEqualTo(-1);
            assertThat(queue.value(second)).isEqualTo(-1);
            stranger.awaitSignal(waiting);
            resetSucceeds(queue);
            goesOn(queue.enable());
            goesOn(sister);
            assertThat(bench.regs.errorLog().readTotal()).as("no XID for a reset asked for").isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void anEngineResetStopsTheQueuesThatHadWorkOnItAndTheirContexts(Bench world) {
        try (world) {
            set(world);
            TestKernels kernels = new TestKernels(context);
            long lost = kernels.launch(queue, TestKernels.Name.FOREVER, 100, 64, 0);
            bench.await("the kernel to run", () -> bench.regs.compute().readBlocksActive() == 64);
            resetEngines(COMPUTE);
            assertThat(queue.value(lost)).isEqualTo(-1);
            assertThat(queue.error()).isEqualTo(QueueError.RESET);
            assertThat(queue.regs.readErrorPacket()).isZero();
            assertThat(sister.error()).isEqualTo(QueueError.CONTEXT_LOST);
            assertThat(InterruptsRegs.Raw.engineReset(bench.regs.interrupts().readRaw())).isTrue();
            assertThat(bench.regs.compute().readBlocksActive()).isZero();
            goesOn(stranger);
            resetSucceeds(queue);
            queue.enable();
            queue.awaitSignal(kernels.launch(queue, TestKernels.Name.NUMBER, 9, 32, kernels.parameters(MIDDLE, 3)));
            assertThat(bench.regs.errorLog().readTotal()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void anEngineResetMayFailAndComeLate(Bench world) {
        try (world) {
            set(world);
            bench.faults.failResets(Engine.COMPUTE, 1);
            bench.faults.slowResets(Engine.COPY0, 1, 5_000_000);
            bench.faults.hang(Engine.COMPUTE);
            TestKernels kernels = new TestKernels(context);
            long hung = kernels.launch(queue, TestKernels.Name.NUMBER, 4, 32, kernels.parameters(MIDDLE, 3));
            long before = bench.world.nanos();
            resetEngines(COMPUTE | 1);
            assertThat(bench.world.nanos() - before).isGreaterThan(5_000_000);
            assertThat(EngineResetRegs.Status.failed(bench.regs.engineReset().readStatus())).isEqualTo(COMPUTE);
            assertThat(queue.value(hung)).as("the engine is as it was").isEqualTo(1);
            resetEngines(COMPUTE);
            assertThat(EngineResetRegs.Status.failed(bench.regs.engineReset().readStatus())).isZero();
            assertThat(queue.value(hung)).isEqualTo(-1);
            assertThat(queue.error()).isEqualTo(QueueError.RESET);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aFunctionLevelResetDuringAnEngineResetLeavesAWorkingDevice(Bench world) {
        try (world) {
            set(world);
            TestKernels kernels = new TestKernels(context);
            kernels.launch(queue, TestKernels.Name.FOREVER, 100, 64, 0);
            bench.await("the kernel to run", () -> bench.regs.compute().readBlocksActive() == 64);
            bench.faults.slowResets(Engine.COMPUTE, 1, 3_000_000);
            bench.regs.engineReset().writeRequest(COMPUTE | COPIES);
            bench.reset(ResetKind.FUNCTION_LEVEL);
            bench.awaitState(BootState.ROM_READY);
            assertThat(bench.regs.engineReset().readStatus()).isZero();
            assertThat(bench.regs.engineReset().readDone()).isZero();
            set(world);
            bench.sleep(10_000_000);
            assertThat(bench.regs.engineReset().readDone()).isZero();
            TestKernels again = new TestKernels(context);
            queue.awaitSignal(again.launch(queue, TestKernels.Name.NUMBER, 9, 32, again.parameters(MIDDLE, 3)));
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aHungFrontEndIsFreedByAResetOfItsQueueUnlessThatFailsToo(Bench world) {
        try (world) {
            set(world);
            bench.faults.hangQueue(2);
            long stuck = queue.copy(TestContext.HOST_VA, MIDDLE, 64);
            bench.sleep(1_000_000);
            assertThat(queue.value(stuck)).isEqualTo(1);
            assertThat(queue.regs.readProgress()).isZero();
            goesOn(sister);
            bench.faults.failQueueResets(FaultInjector.ANY, 1);
            reset(queue);
            assertThat(QueueRegs.Status.resetFailed(queue.regs.readStatus())).isTrue();
            assertThat(QueueRegs.Status.exception(queue.regs.readStatus())).as("no kernel raised one").isEqualTo(DeviceException.NONE);
            resetSucceeds(queue);
            goesOn(queue.enable());
            bench.faults.hangQueue(3);
            long late = sister.copy(TestContext.HOST_VA, MIDDLE, 64);
            bench.sleep(100_000);
            bench.faults.unhangQueue(3);
            sister.awaitSignal(late);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void anEngineThatGoesOnAfterAHangEndsItsWork(Bench world) {
        try (world) {
            set(world);
            hangCopies();
            bench.faults.hang(Engine.COMPUTE);
            TestKernels kernels = new TestKernels(context);
            long copy = queue.copy(TestContext.HOST_VA, MIDDLE, 1 << 20);
            long kernel = kernels.launch(sister, TestKernels.Name.NUMBER, 9, 32, kernels.parameters(MIDDLE + (8 << 20), 3));
            bench.sleep(1_000_000);
            assertThat(queue.value(copy)).isEqualTo(1);
            assertThat(sister.value(kernel)).isEqualTo(1);
            bench.faults.unhang(Engine.COPY0);
            bench.faults.unhang(Engine.COPY1);
            bench.faults.unhang(Engine.COMPUTE);
            queue.awaitSignal(copy);
            sister.awaitSignal(kernel);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aDelayedCompletionComesLateAndCanBeAbandoned(Bench world) {
        try (world) {
            set(world);
            bench.faults.delayCompletions(2, 1, 4_000_000);
            long before = bench.world.nanos();
            queue.awaitSignal(barrier(queue, and()));
            assertThat(bench.world.nanos() - before).isGreaterThan(4_000_000);
            bench.faults.delayCompletions(2, 1, 20_000_000_000L);
            long finished = finishedCopies();
            long late = queue.copy(TestContext.HOST_VA, MIDDLE, 64);
            bench.await("the copy", () -> finishedCopies() == finished + 1);
            assertThat(queue.value(late)).isEqualTo(1);
            resetSucceeds(queue);
            assertThat(queue.value(late)).isEqualTo(-1);
            goesOn(queue.enable());
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void dependenciesNeedNotBeMetAllAtTheSameTime(Bench world) {
        try (world) {
            set(world);
            long a = sister.signal();
            long b = sister.signal();
            long both = barrier(queue, and(), a, b);
            awaitHold(queue, QueueHold.DEPENDENCY);
            Signal.publish(context.host, a - TestContext.HOST_VA, 0);
            long before = bench.regs.perf().readDmaReadBytes();
            bench.await("looks at both dependencies", () -> bench.regs.perf().readDmaReadBytes() - before >= 8 * Long.BYTES);
            Signal.publish(context.host, a - TestContext.HOST_VA, 1);
            assertThat(queue.value(both)).isEqualTo(1);
            Signal.publish(context.host, b - TestContext.HOST_VA, 0);
            queue.awaitSignal(both);
            int or = BarrierPacket.orWord(false, AqlHeader.SCOPE_SYSTEM, AqlHeader.SCOPE_SYSTEM);
            long any = barrier(queue, or, a, 0, 0, 0, a);
            bench.sleep(300_000);
            assertThat(queue.value(any)).isEqualTo(1);
            Signal.publish(context.host, a - TestContext.HOST_VA, 0);
            queue.awaitSignal(any);
        }
    }
}
