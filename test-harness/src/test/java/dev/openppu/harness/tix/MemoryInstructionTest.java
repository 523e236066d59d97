package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.model.compute.BlockExecution;
import dev.openppu.model.compute.ComputeClock;
import dev.openppu.model.compute.ComputeUnit;
import dev.openppu.model.compute.Dim3;
import dev.openppu.model.compute.KernelLaunch;
import dev.openppu.model.compute.StepResult;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryInstructionTest {
    private static final long PATTERN = 0xF1E2_D3C4_B5A6_9788L;

    /** Runs code in one thread that leaves a 64-bit result in d; a points to 64 bytes of pattern. */
    private static long single(String declarations, String code) {
        KernelRunner runner = KernelRunner.of("""
                %s
                .entry test(.u64 in, .u64 out, .s16 small, .f64 wide, .b8 bytes[5]) {
                    .reg .u64 a, o;
                    .reg .b64 d, e, v<4>;
                    .reg .b32 x, y, z, w;
                    .reg .b16 h, g;
                    .reg .b128 q;
                    .reg .pred p;
                    ppu.ld.param.u64 a, [in];
                    ppu.ld.param.u64 o, [out];
                    ppu.mov.b64 d, 0;
                %s
                    ppu.st.global.b64 [o], d;
                }
                """.formatted(declarations, code));
        long[] pattern = new long[8];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = PATTERN + i * 0x0101_0101_0101_0101L;
        }
        long in = runner.memory.place(MemorySegment.ofArray(pattern));
        long out = runner.memory.allocate(8);
        runner.run(new Dim3(1, 1, 1), new Dim3(1, 1, 1), in, out, -2, 2.5);
        return runner.memory.longAt(out);
    }

    @ParameterizedTest
    @CsvSource({"u8,0x88", "s8,0xffffffffffffff88", "b16,0x9788", "s16,0xffffffffffff9788", "u32,0xb5a69788", "s32,0xffffffffb5a69788",
        "b64,0xf1e2d3c4b5a69788"})
    void loadsExtendToTheirRegister(String type, String expected) {
        assertThat(single("", "ppu.ld.global." + type + " d, [a];")).isEqualTo(Long.parseUnsignedLong(expected.substring(2), 16));
    }

    @Test
    void offsetsAndHintsDoNotChangeWhatIsLoaded() {
        for (String hint : new String[]{"ca", "cr", "cg", "rt", "cs", "cv", "bl", "ba"}) {
            assertThat(single("", "ppu.ld.global." + hint + ".u8 d, [a + 1];")).isEqualTo(0x97);
        }
        assertThat(single("", "ppu.add.u64 a, a, 8;\nppu.ld.b64 d, [a - 8];")).isEqualTo(PATTERN);
        assertThat(single("", "ppu.ld.acquire.gpu.global.b64 d, [a + 8];")).isEqualTo(PATTERN + 0x0101_0101_0101_0101L);
    }

    @Test
    void vectorsMoveTheirElements() {
        assertThat(single("", "ppu.ld.global.v4.b32 {x, _, z, w}, [a];\nppu.mov.b64 d, {z, w};"))
                .isEqualTo(PATTERN + 0x0101_0101_0101_0101L);
        assertThat(single("", "ppu.ld.global.v4.b64 {v0, v1, v2, v3}, [a];\nppu.sub.u64 d, v3, v0;")).isEqualTo(0x0303_0303_0303_0303L);
        assertThat(
                single("", "ppu.mov.b32 x, 7;\nppu.mov.b32 y, 9;\nppu.st.global.v2.b32 [a + 16], {x, y};\nppu.ld.global.b64 d, [a + 16];"))
                .isEqualTo(9L << 32 | 7);
        assertThat(single("", "ppu.mov.b32 x, 7;\nppu.st.global.v4.b32 [a], {_, x, _, _};\nppu.ld.global.b64 d, [a];"))
                .isEqualTo(7L << 32 | 0xB5A6_9788L);
        assertThat(single("", "ppu.ld.global.b128 q, [a + 16];\nppu.mov.b128 {e, d}, q;")).isEqualTo(PATTERN + 3 * 0x0101_0101_0101_0101L);
        assertThat(single("", "ppu.ld.global.b128 q, [a];\nppu.st.global.b128 [a + 32], q;\nppu.ld.global.b64 d, [a + 40];"))
                .isEqualTo(PATTERN + 0x0101_0101_0101_0101L);
    }

    @Test
    void registersPackAndUnpack() {
        assertThat(single("", "ppu.mov.b16 h, 0x1234;\nppu.mov.b16 g, 0x5678;\nppu.mov.b32 x, {h, g};\nppu.cvt.u64.u32 d, x;"))
                .isEqualTo(0x5678_1234L);
        assertThat(single("", "ppu.ld.global.b64 e, [a];\nppu.mov.b64 {x, _}, e;\nppu.cvt.u64.u32 d, x;")).isEqualTo(0xB5A6_9788L);
    }

    @Test
    void parametersHaveTheirTypes() {
        assertThat(single("", "ppu.ld.param.s16 d, [small];")).isEqualTo(-2);
        assertThat(single("", "ppu.ld.const.f64 d, [wide];")).isEqualTo(Double.doubleToRawLongBits(2.5));
        assertThat(single("", "ppu.ld.param.u8 d, [bytes + 4];")).isZero();
    }

    @Test
    void constantsAreLaidOutInOrder() {
        String constants = ".const .u8 first = 9;\n.const .f32 table[4] = {1.5, -2.0, 0F40400000};\n.const .s64 last = -5;";
        assertThat(single(constants, "ppu.ld.const.u8 d, [first];")).isEqualTo(9);
        assertThat(single(constants, "ppu.ld.const.u32 d, [table + 4];")).isEqualTo(0xC000_0000L);
        assertThat(single(constants, "ppu.ld.const.u32 d, [table + 12];")).isZero();
        assertThat(single(constants, "ppu.ld.const.s64 d, [last];")).isEqualTo(-5);
    }

    @Test
    void genericAddressesFindTheirSpace() {
        String shared = ".shared .u64 box[2];";
        assertThat(single(shared, "ppu.st.shared.u64 [box + 8], 42;\nppu.cvta.shared.u64 e, box;\nppu.ld.u64 d, [e + 8];")).isEqualTo(42);
        assertThat(single(shared, "ppu.cvta.shared.u64 e, box;\nppu.isspacep.shared p, e;\nppu.selp.b64 d, 1, 0, p;")).isEqualTo(1);
        assertThat(single(shared, "ppu.isspacep.global p, a;\nppu.selp.b64 d, 1, 0, p;")).isEqualTo(1);
        assertThat(single("", ".local .u32 mine[4];\nppu.st.local.u32 [mine + 4], 6;\nppu.cvta.local.u64 e, mine;\nppu.ld.u32 d, [e + 4];"))
                .isEqualTo(6);
        assertThat(single(shared, "ppu.cvta.shared.u64 e, box;\nppu.cvta.to.shared.u64 d, e;")).isZero();
    }

    @Test
    void localMemoryBelongsToItsThread() {
        KernelRunner runner = KernelRunner.of("""
                .entry test(.u64 out) {
                    .local .u32 mine;
                    .reg .u32 i, d;
                    .reg .u64 o;
                    ppu.mov.u32 i, %tid.x;
                    ppu.st.local.u32 [mine], i;
                    ppu.bar.sync 0;
                    ppu.ld.local.u32 d, [mine];
                    ppu.mul.wide.u32 o, i, 4;
                    .reg .u64 base;
                    ppu.ld.param.u64 base, [out];
                    ppu.add.u64 o, o, base;
                    ppu.st.global.u32 [o], d;
                }
                """);
        long out = runner.memory.allocate(400);
        runner.run(new Dim3(1, 1, 1), new Dim3(100, 1, 1), out);
        for (int i = 0; i < 100; i++) {
            assertThat(runner.memory.intAt(out + 4L * i)).isEqualTo(i);
        }
    }

    @Test
    void dynamicSharedMemoryFollowsTheStaticOne() {
        KernelRunner runner = KernelRunner.of("""
                .shared .u32 fixed[3];
                .shared .align 16 .b8 rest[];
                .entry test(.u64 out) {
                    .reg .u32 d;
                    .reg .u64 o;
                    ppu.mov.u32 d, rest;
                    ppu.st.shared.u32 [rest + 60], d;
                    ppu.ld.shared.u32 d, [rest + 60];
                    ppu.ld.param.u64 o, [out];
                    ppu.st.global.u32 [o], d;
                }
                """).dynamicShared(64);
        long out = runner.memory.allocate(4);
        runner.run(new Dim3(1, 1, 1), new Dim3(1, 1, 1), out);
        assertThat(runner.memory.intAt(out)).isEqualTo(16);
    }

    private static long atomic(String space, String operation, String type, long before, String operands) {
        String address = space.equals("shared") ? "box" : "a";
        String box = space.equals("shared") ? ".shared .b64 box;" : "";
        String word = type.endsWith("64") ? "b64" : "b32";
        String register = type.endsWith("64") ? "d" : "x";
        String code = """
                ppu.mov.%1$s %2$s, 0x%3$x;
                ppu.st.%4$s.%1$s [%5$s], %2$s;
                ppu.atom.%4$s.%6$s.%7$s %2$s, [%5$s], %8$s;
                ppu.cmpp.ne.%1$s p, %2$s, 0x%3$x;
                ppu.ld.%4$s.%1$s d, [%5$s];
                @p ppu.mov.b64 d, 0xBADBADBADBAD;
                """.formatted(word, register, before, space, address, operation, type, operands);
        return single(box, code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"global", "shared"})
    void atomicOperationsCombineAndGiveTheOldValue(String space) {
        assertThat(atomic(space, "add", "u32", 0xFFFF_FFFFL, "2")).isEqualTo(1);
        assertThat(atomic(space, "add", "u64", 0xFFFF_FFFFL, "2")).isEqualTo(0x1_0000_0001L);
        assertThat(atomic(space, "min", "s32", 5, "-1")).isEqualTo(0xFFFF_FFFFL);
        assertThat(atomic(space, "min", "u32", 5, "0xFFFFFFFF")).isEqualTo(5);
        assertThat(atomic(space, "max", "s64", -5, "-7")).isEqualTo(-5);
        assertThat(atomic(space, "inc", "u32", 7, "7")).isZero();
        assertThat(atomic(space, "inc", "u32", 6, "7")).isEqualTo(7);
        assertThat(atomic(space, "dec", "u32", 0, "7")).isEqualTo(7);
        assertThat(atomic(space, "dec", "u32", 9, "7")).isEqualTo(7);
        assertThat(atomic(space, "dec", "u32", 4, "7")).isEqualTo(3);
        assertThat(atomic(space, "and", "b32", 0xFF, "0x0F")).isEqualTo(0x0F);
        assertThat(atomic(space, "or", "b64", 0xF0, "0x0F")).isEqualTo(0xFF);
        assertThat(atomic(space, "xor", "b32", 0xFF, "0x0F")).isEqualTo(0xF0);
        assertThat(atomic(space, "exch", "b32", 1, "2")).isEqualTo(2);
        assertThat(atomic(space, "cas", "b32", 1, "1, 8")).isEqualTo(8);
        assertThat(atomic(space, "cas", "b64", 1, "2, 8")).isEqualTo(1);
        assertThat(atomic(space, "add", "f32", Float.floatToRawIntBits(1.5f), "2.25")).isEqualTo(Float.floatToRawIntBits(3.75f));
        assertThat(atomic(space, "add", "f64", Double.doubleToRawLongBits(1.5), "2.25")).isEqualTo(Double.doubleToRawLongBits(3.75));
        assertThat(atomic(space, "add.noftz", "f16x2", 0x3C00_4000L, "x")).isEqualTo(0x4000_4400L);
        // Subnormal sums vanish in global memory only.
        assertThat(atomic(space, "add", "f32", 1, "0F00000001")).isEqualTo(space.equals("global") ? 0 : 2);
    }

    @Test
    void halfWordsAreExchangedInPlace() {
        assertThat(single("", "ppu.mov.b16 h, 0xD3C4;\nppu.atom.global.cas.b16 g, [a + 4], h, 0x1111;\nppu.ld.global.b64 d, [a];"))
                .isEqualTo(0xF1E2_1111_B5A6_9788L);
    }

    @Test
    void blocksOnSeveralThreadsLoseNoIncrement() throws Exception {
        KernelRunner runner = KernelRunner.of("""
                .entry test(.u64 out) {
                    .reg .u32 i, d;
                    .reg .u64 a;
                    .reg .pred more;
                    ppu.ld.param.u64 a, [out];
                    ppu.mov.u32 i, 0;
                loop:
                    ppu.atom.global.add.u32 d, [a], 1;
                    ppu.atom.global.add.u64 _, [a + 8], 3;
                    ppu.add.u32 i, i, 1;
                    ppu.cmpp.lt.u32 more, i, 20;
                @more ppu.bra loop;
                }
                """);
        long out = runner.memory.allocate(16);
        KernelLaunch launch = runner.launch(new Dim3(64, 1, 1), new Dim3(64, 1, 1), out);
        ComputeClock clock = new ComputeClock() {
            @Override
            public long cycles() {
                return 0;
            }

            @Override
            public long nanoseconds() {
                return 0;
            }
        };
        try (ExecutorService units = Executors.newFixedThreadPool(4)) {
            List<Callable<StepResult>> blocks = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                BlockExecution block = launch.block(new Dim3(i, 0, 0), new ComputeUnit(0, 1, clock));
                blocks.add(() -> {
                    StepResult result;
                    do {
                        result = block.step(5);
                    } while (result instanceof StepResult.Running);
                    return result;
                });
            }
            for (Future<StepResult> result : units.invokeAll(blocks)) {
                assertThat(result.get()).isInstanceOf(StepResult.Finished.class);
            }
        }
        assertThat(runner.memory.intAt(out)).isEqualTo(64 * 64 * 20);
        assertThat(runner.memory.longAt(out + 8)).isEqualTo(64L * 64 * 20 * 3);
    }
}
