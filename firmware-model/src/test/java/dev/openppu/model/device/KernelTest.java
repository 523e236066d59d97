package dev.openppu.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.firmware.MessageStatus;
import dev.openppu.abi.firmware.MessageType;
import dev.openppu.abi.firmware.XidEvent;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.abi.reg.BootState;
import dev.openppu.abi.reg.ComputeEngineRegs;
import dev.openppu.abi.reg.MmuScope;
import dev.openppu.abi.reg.QueueError;
import dev.openppu.abi.reg.QueueRegs;
import dev.openppu.abi.reg.QueueState;
import dev.openppu.hal.ResetKind;
import java.lang.foreign.ValueLayout;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels: dispatch, results, faults of every kind, the watchdog, and the end of a context, in both worlds. */
class KernelTest {
    private static final long OUT = TestContext.DEVICE_VA + (16 << 20);
    private static final long ELSEWHERE = 0x5_0000_0000L;

    private Bench bench;
    private TestRings rings;
    private TestContext context;
    private TestQueue queue;
    private TestKernels kernels;

    static Stream<Bench> worlds() {
        return Stream.of(1, 2, 3).map(i -> i < 3 ? Bench.simulated(i) : Bench.freeRunning(i));
    }

    private void set(Bench world) {
        bench = world.booted();
        rings = new TestRings(bench, 6).greeted();
        context = new TestContext(bench, 2);
        kernels = new TestKernels(context);
        queue = context.queue(4).enable();
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void everyThreadOfEveryBlockRunsOnce(Bench world) {
        try (world) {
            set(world);
            queue.awaitSignal(kernels.launch(queue, TestKernels.Name.NUMBER, 300, 96, kernels.parameters(OUT, 5)));
            queue.awaitSignal(queue.copy(true, OUT, TestContext.HOST_VA, 300 * 96 * 4 + 4));
            for (int i = 0; i < 300 * 96; i++) {
                assertThat(context.host.get(ValueLayout.JAVA_INT, i * 4L)).isEqualTo(i + 5);
            }
            assertThat(context.host.get(ValueLayout.JAVA_INT, 300 * 96 * 4L)).isZero();
            assertThat(bench.regs.compute().readKernels()).isEqualTo(1);
            assertThat(bench.regs.compute().readBlocksActive()).isZero();
            int blocks = 0;
            for (int i = 0; i < 16; i++) {
                blocks += bench.regs.engine(i).readBlocks();
                assertThat(ComputeEngineRegs.Status.units(bench.regs.engine(i).readStatus())).isEqualTo(4);
            }
            assertThat(blocks).isEqualTo(300);
            assertThat(bench.regs.perf().readInstructions()).isEqualTo(300 * 3 * 10);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void kernelsReachHostMemoryThroughSystemPages(Bench world) {
        try (world) {
            set(world);
            queue.awaitSignal(kernels.launch(queue, TestKernels.Name.NUMBER, 4, 64, kernels.parameters(TestContext.HOST_VA + 4096, 9)));
            for (int i = 0; i < 256; i++) {
                assertThat(context.host.get(ValueLayout.JAVA_INT, 4096 + i * 4L)).isEqualTo(i + 9);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void memoryFaultsHaveTheirExceptionAndXid(Bench world) {
        try (world) {
            set(world);
            context.tables.device(0, ELSEWHERE, 0x1000_0000L, PageTableEntry.WRITE)
                    .device(0, ELSEWHERE + 4096, 0x1000_1000L, PageTableEntry.READ)
                    .system(0, ELSEWHERE + 8192, 0x6660_0000L, AddressSpaceBuilder.RW);
            context.tables.entry(0, ELSEWHERE + 12288, PageTableEntry.leaf(0, 96L << 30, AddressSpaceBuilder.RW));
            context.tables.entry(0, ELSEWHERE + 16384, PageTableEntry.leaf(0, 4096, AddressSpaceBuilder.RW) | 64);
            fault(TestKernels.Name.LOAD, ELSEWHERE + (1 << 20), QueueError.MEMORY_FAULT, 19, 1155);
            fault(TestKernels.Name.LOAD, ELSEWHERE, QueueError.MEMORY_FAULT, 20, 1155);
            fault(TestKernels.Name.STORE, ELSEWHERE + 4096, QueueError.MEMORY_FAULT, 21, 1155);
            fault(TestKernels.Name.LOAD, 1L << 47, QueueError.MEMORY_FAULT, 23, 1666);
            fault(TestKernels.Name.LOAD, ELSEWHERE + 12288, QueueError.MEMORY_FAULT, 17, 1153);
            fault(TestKernels.Name.LOAD, ELSEWHERE + 8192, QueueError.MEMORY_FAULT, 19, 1156);
            fault(TestKernels.Name.STORE, ELSEWHERE + 8192, QueueError.MEMORY_FAULT, 19, 1156);
            fault(TestKernels.Name.STORE, ELSEWHERE + 16384, QueueError.MEMORY_FAULT, 18, 1664);
            fault(TestKernels.Name.STORE, OUT + 2, QueueError.KERNEL_EXCEPTION, 12, 896);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void divisionByZeroAndCodeThatMayNotRunAreTyped(Bench world) {
        try (world) {
            set(world);
            fault(TestKernels.Name.DIVIDE, 0, QueueError.KERNEL_EXCEPTION, 0x3f, 896);
            for (long at = 0; at < 2 << 20; at += 2 << 20) {
                context.tables.device(1, TestKernels.TEXT + at, context.devicePa + at, AddressSpaceBuilder.RW);
            }
            context.invalidate(MmuScope.CONTEXT, 0);
            long signal = kernels.launch(queue, TestKernels.Name.FOREVER, 1, 1, 0);
            queue.awaitFailure(signal, QueueError.MEMORY_FAULT);
            assertThat(QueueRegs.Status.exception(queue.regs.readStatus())).isEqualTo(22);
            assertThat(rings.awaitXid().xid()).isEqualTo(1155);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void descriptorsThatCannotBeReadOrAreWrongAreThePacketsFault(Bench world) {
        try (world) {
            set(world);
            queue.awaitFailure(kernels.launch(queue, ELSEWHERE, 1, 1, 0), QueueError.MEMORY_FAULT);
            assertThat(rings.awaitXid().xid()).isEqualTo(643);
            restart();
            queue.awaitFailure(kernels.launch(queue, TestKernels.Name.LOAD, 1, 1, ELSEWHERE), QueueError.MEMORY_FAULT);
            assertThat(rings.awaitXid().address()).isEqualTo(ELSEWHERE);
            restart();
            queue.awaitFailure(kernels.launch(queue, OUT, 1, 1, 0), QueueError.INVALID_PACKET);
            assertThat(rings.awaitXid().xid()).isEqualTo(384);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void theWatchdogEndsAKernelAndOthersGoOn(Bench world) {
        try (world) {
            set(world);
            TestContext other = new TestContext(bench, 5);
            TestKernels others = new TestKernels(other);
            TestQueue stranger = other.queue(6).enable();
            bench.regs.compute().writeWatchdog(3_000_000);
            long hung = kernels.launch(queue, TestKernels.Name.FOREVER, 3, 32, 0);
            stranger.awaitSignal(others.launch(stranger, TestKernels.Name.NUMBER, 10, 32, others.parameters(OUT, 0)));
            queue.awaitFailure(hung, QueueError.WATCHDOG);
            assertThat(QueueRegs.Status.exception(queue.regs.readStatus())).isEqualTo(4);
            XidEvent xid = rings.awaitXid();
            assertThat(xid.xid()).isEqualTo(896);
            assertThat(xid.exception()).isEqualTo(4);
            assertThat(xid.pc()).isEqualTo(TestKernels.TEXT + 320);
            stranger.awaitSignal(others.launch(stranger, TestKernels.Name.NUMBER, 10, 32, others.parameters(OUT, 0)));
            assertThat(bench.regs.compute().readBlocksActive()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void killingAContextAbandonsItsWorkAndOnlyIts(Bench world) {
        try (world) {
            set(world);
            TestContext other = new TestContext(bench, 5);
            TestQueue stranger = other.queue(6).enable();
            TestQueue sister = context.queue(7).enable();
            long hung = kernels.launch(queue, TestKernels.Name.FOREVER, 100, 64, 0);
            bench.await("the kernel to run", () -> bench.regs.compute().readBlocksActive() == 64);
            TestRings.Reply reply = rings.call(MessageType.KILL_CONTEXT, 2);
            assertThat(reply.status()).isEqualTo(MessageStatus.OK);
            assertThat(reply.w1()).isEqualTo(2);
            assertThat(queue.value(hung)).isEqualTo(-1);
            assertThat(queue.error()).isEqualTo(QueueError.CONTEXT_LOST);
            assertThat(sister.state()).isEqualTo(QueueState.ERROR);
            assertThat(bench.regs.compute().readBlocksActive()).isZero();
            assertThat(bench.regs.errorLog().readTotal()).isZero();
            stranger.awaitSignal(stranger.copy(TestContext.HOST_VA, OUT, 4096));
            assertThat(rings.call(MessageType.KILL_CONTEXT, 99).w1()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void killingAContextAlsoEndsTheKernelOfAQueueThatIsBeingDisabled(Bench world) {
        try (world) {
            set(world);
            long hung = kernels.launch(queue, TestKernels.Name.FOREVER, 1, 32, 0);
            bench.await("the kernel to run", () -> bench.regs.compute().readBlocksActive() == 1);
            queue.regs.writeControl(0);
            bench.sleep(1_000_000);
            assertThat(queue.state()).isNotEqualTo(QueueState.DISABLED);
            assertThat(rings.call(MessageType.KILL_CONTEXT, 2).w1()).isZero();
            assertThat(queue.value(hung)).isEqualTo(-1);
            assertThat(queue.state()).isEqualTo(QueueState.DISABLED);
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void aResetWhileKernelsRunIsFollowedByAWorkingDevice(Bench world) {
        try (world) {
            set(world);
            long hung = kernels.launch(queue, TestKernels.Name.FOREVER, 100, 64, 0);
            bench.await("the kernel to run", () -> bench.regs.compute().readBlocksActive() == 64);
            bench.reset(ResetKind.FUNCTION_LEVEL);
            bench.awaitState(BootState.ROM_READY);
            assertThat(world.ppu.transactionsPending()).isFalse();
            assertThat(queue.value(hung)).isEqualTo(1);
            set(world);
            queue.awaitSignal(kernels.launch(queue, TestKernels.Name.NUMBER, 3, 32, kernels.parameters(OUT, 1)));
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void anInvalidationEndsOnlyAfterTheSlicesThatMightUseTheOldPage(Bench world) {
        try (world) {
            set(world);
            bench.regs.compute().writeWatchdog(0);
            kernels.launch(queue, TestKernels.Name.FOREVER, 2, 32, 0);
            bench.await("the kernel to run", () -> bench.regs.compute().readBlocksActive() == 2);
            context.invalidate(MmuScope.CONTEXT, 0);
            assertThat(rings.call(MessageType.KILL_CONTEXT, 2).w1()).isEqualTo(1);
        }
    }

    private void fault(TestKernels.Name name, long parameter, QueueError error, int exception, int xid) {
        queue.awaitFailure(kernels.launch(queue, name, 2, 64, kernels.parameters(parameter, 0)), error);
        assertThat(QueueRegs.Status.exception(queue.regs.readStatus())).as("exception for 0x%x", parameter).isEqualTo(exception);
        XidEvent event = rings.awaitXid();
        assertThat(event.xid()).as("XID for 0x%x", parameter).isEqualTo(xid);
        assertThat(event.exception()).isEqualTo(exception);
        assertThat(event.context()).isEqualTo(2);
        assertThat(event.queue()).isEqualTo(4);
        assertThat(event.pc()).isBetween(TestKernels.TEXT, TestKernels.TEXT + 0x400);
        if (error == QueueError.MEMORY_FAULT) {
            assertThat(event.address()).isEqualTo(parameter);
            assertThat(queue.regs.readErrorAddress()).isEqualTo(parameter);
        }
        restart();
    }

    private void restart() {
        queue.disable();
        queue.clearRing();
        queue.readIndex.fill((byte) 0);
        queue.enable();
    }
}
