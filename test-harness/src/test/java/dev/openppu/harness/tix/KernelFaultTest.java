package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.KernelDescriptor;
import dev.openppu.abi.error.FaultMapping;
import dev.openppu.model.compute.AccessFault;
import dev.openppu.model.compute.ComputeClock;
import dev.openppu.model.compute.ComputeMemory;
import dev.openppu.model.compute.ComputeUnit;
import dev.openppu.model.compute.DeviceFault;
import dev.openppu.model.compute.Dim3;
import dev.openppu.model.compute.DispatchRequest;
import dev.openppu.model.compute.InvalidDispatchException;
import dev.openppu.model.compute.KernelLaunch;
import dev.openppu.model.compute.StepResult;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelFaultTest {
    private static final Dim3 ONE = new Dim3(1, 1, 1);

    private static KernelRunner kernel(String code) {
        return KernelRunner.of("""
                .entry test(.u64 out) {
                    .shared .u32 box[4];
                    .local .u32 mine[2];
                    .reg .u32 i, d, z;
                    .reg .s64 l;
                    .reg .u64 a;
                    .reg .pred p;
                    ppu.mov.u32 i, %%tid.x;
                    ppu.mov.u32 z, 0;
                    ppu.ld.param.u64 a, [out];
                %s
                }
                """.formatted(code));
    }

    private static DeviceFault fault(String code, int threads) {
        KernelRunner runner = kernel(code);
        return runner.fault(ONE, new Dim3(threads, 1, 1), runner.memory.allocate(256));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ppu.ld.global.u32 d, [a + 2];|KERNEL_MISALIGNED_GLOBAL",
        "ppu.st.global.u64 [a + 4], 1;|KERNEL_MISALIGNED_GLOBAL",
        "ppu.atom.global.add.u32 d, [a + 1], 1;|KERNEL_MISALIGNED_GLOBAL", "ppu.ld.global.u32 d, [64];|KERNEL_PAGE_NOT_VALID",
        "ppu.st.global.u32 [64], d;|KERNEL_PAGE_NOT_VALID", "ppu.ld.shared.u32 d, [box + 16];|KERNEL_SHARED_OUT_OF_RANGE",
        "ppu.st.shared.u32 [box + 2], d;|KERNEL_SHARED_MISALIGNED", "ppu.ld.shared.u32 d, [box - 4];|KERNEL_SHARED_OUT_OF_RANGE",
        "ppu.ld.local.u32 d, [mine + 8];|KERNEL_OUT_OF_RANGE", "ppu.ld.param.u32 d, [out + 8];|KERNEL_OUT_OF_RANGE",
        "ppu.ld.const.u32 d, [0];|KERNEL_OUT_OF_RANGE", "ppu.div.u32 d, i, z;|KERNEL_DIVISION_BY_ZERO",
        "ppu.rem.s32 d, i, 0;|KERNEL_DIVISION_BY_ZERO",
        "ppu.bar.sync i;|KERNEL_INVALID_BARRIER", "ppu.mov.u32 d, 16; ppu.bar.sync d;|KERNEL_INVALID_BARRIER",
        "ppu.bar.sync 0, 33;|KERNEL_INVALID_BARRIER",
        "ppu.bar.sync 0, 96;|KERNEL_INVALID_BARRIER", "ppu.bar.warp.sync 1;|KERNEL_INVALID_WARP_SYNC",
        "ppu.bar.warp.sync i;|KERNEL_INVALID_WARP_SYNC",
        "ppu.cmpp.eq.u32 p, i, 0; @p ppu.bar.sync.aligned 0;|KERNEL_INVALID_CANDIDATE_MASK",
        "ppu.cmpp.lt.u32 p, i, 32; @p ppu.bar.sync 1; @!p ppu.bar.sync 2; ppu.bar.sync 1, 64;|KERNEL_WATCHDOG"})
    void everyMisuseHasItsFault(String code, FaultMapping expected) {
        assertThat(fault(code, 64).cause()).isEqualTo(expected);
    }

    @Test
    void aFaultSaysWhichThreadAndWhere() {
        KernelRunner runner = kernel("""
                    ppu.cmpp.eq.u32 p, i, 45;
                @p  ppu.add.u64 a, a, 2;
                    ppu.ld.global.u32 d, [a];
                """);
        DeviceFault fault = runner.fault(ONE, new Dim3(64, 1, 1), runner.memory.allocate(256));
        assertThat(fault.thread()).isEqualTo(new Dim3(45, 0, 0));
        assertThat(fault.warp()).isEqualTo(1);
        assertThat(fault.lane()).isEqualTo(13);
        assertThat(fault.access()).isEqualTo(ComputeMemory.Access.LOAD);
        assertThat(fault.address() % 4).isEqualTo(2);
        assertThat(runner.object().lineAt(fault.pc())).isEqualTo(13);
    }

    @Test
    void aDivisionOnlyFaultsWhereItIsExecuted() {
        KernelRunner runner = kernel("ppu.cmpp.ne.u32 p, i, 0;\n@p ppu.div.u32 d, 100, i;\n@p ppu.st.global.u32 [a], d;");
        runner.run(ONE, new Dim3(32, 1, 1), runner.memory.allocate(256));
    }

    @Test
    void anEndlessLoopMeetsTheWatchdog() {
        DeviceFault fault = fault("again: ppu.add.u32 d, d, 1;\nppu.bra again;", 1);
        assertThat(fault.cause()).isEqualTo(FaultMapping.KERNEL_WATCHDOG);
    }

    @Test
    void randomCodeFaultsOrEndsButNeverBreaksTheModel() throws Exception {
        Random random = new Random(60);
        for (int round = 0; round < 3000; round++) {
            FlatMemory memory = new FlatMemory(1 << 16);
            ByteBuffer text = ByteBuffer.allocate(32 * 8);
            for (int i = 0; i < 8; i++) {
                long control = random.nextInt(0x68) | (long) random.nextInt(32) << 8 | (long) random.nextInt(32) << 13 | 0x7FL << 18
                        | random.nextLong() << 26 & (random.nextBoolean() ? -1L : 0x00FF_FFFF_FFFFL);
                new Instruction(control, random.nextLong() & 0x0707_0707_0707_0707L, random.nextInt(512) - 128,
                        random.nextLong() & 0x0F0F_0F0F_0F0F_0F0FL)
                        .encode(text);
            }
            long address = memory.place(MemorySegment.ofArray(text.array()));
            KernelDescriptor kernel = new KernelDescriptor(address, text.capacity(), 0, 0, 0, 8, 8, 64, 16, 16, 0);
            long descriptor = memory.place(MemorySegment.ofArray(kernel.toBytes()));
            KernelLaunch launch = KernelLaunch.prepare(new DispatchRequest(descriptor, ONE, new Dim3(40, 1, 1), address, 0, 10_000, 0),
                    memory);
            StepResult result;
            var block = launch.block(new Dim3(0, 0, 0), new ComputeUnit(0, 1, NO_TIME));
            do {
                result = block.step(1000);
            } while (result instanceof StepResult.Running);
            assertThat(result).isNotNull();
        }
    }

    private static final ComputeClock NO_TIME = new ComputeClock() {
        @Override
        public long cycles() {
            return 0;
        }

        @Override
        public long nanoseconds() {
            return 0;
        }
    };

    @Test
    void zeroedCodeIsNoInstruction() throws Exception {
        FlatMemory memory = new FlatMemory(1 << 16);
        long address = memory.allocate(64);
        long descriptor = memory.place(MemorySegment.ofArray(new KernelDescriptor(address, 64, 0, 0, 0, 1, 0, 0, 0, 0, 0).toBytes()));
        KernelLaunch launch = KernelLaunch.prepare(new DispatchRequest(descriptor, ONE, ONE, 0, 0, 1000, 0), memory);
        StepResult result = launch.block(new Dim3(0, 0, 0), new ComputeUnit(0, 1, NO_TIME)).step(10);
        assertThat(result).isInstanceOfSatisfying(StepResult.Faulted.class,
                faulted -> assertThat(faulted.fault().cause()).isEqualTo(FaultMapping.KERNEL_INVALID_INSTRUCTION));
    }

    @Test
    void dispatchesBeyondTheLimitsAreRefused() {
        KernelRunner runner = KernelRunner.of(".entry test() .maxntid 64 { ppu.exit; }");
        assertRefused(runner, ONE, new Dim3(65, 1, 1), "64");
        assertRefused(runner, ONE, new Dim3(1, 1, 129), "1024, 1024, 128");
        assertRefused(runner, new Dim3(0, 1, 1), ONE, "grid");
        assertRefused(KernelRunner.of(".shared .b8 box[262144];\n.entry test() { ppu.exit; }").dynamicShared(1), ONE, ONE, "shared memory");
    }

    private static void assertRefused(KernelRunner runner, Dim3 grid, Dim3 block, String reason) {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> runner.launch(grid, block))).cause()
                .isInstanceOf(InvalidDispatchException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void codeWithoutExecuteRightIsNotFetched() {
        FlatMemory memory = new FlatMemory(1 << 16) {
            @Override
            public dev.openppu.model.compute.Span resolve(long address, Access access) throws AccessFault {
                if (access == Access.FETCH) {
                    throw new AccessFault(FaultMapping.KERNEL_NO_EXECUTE_RIGHT, address, access);
                }
                return super.resolve(address, access);
            }
        };
        KernelRunner runner = new KernelRunner(memory, ".entry test() { ppu.exit; }");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> runner.launch(ONE, ONE))).cause().isInstanceOf(AccessFault.class);
    }
}
