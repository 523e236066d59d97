package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.model.compute.Dim3;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** What a thread is told of where it runs. */
class SpecialRegisterTest {
    /** Runs code that leaves a result per lane in d; lane and its value (1000 + lane) are at hand. */
    private static void check(String code, IntUnaryOperator expected) {
        KernelRunner runner = KernelRunner.of("""
                .entry test(.u64 out) {
                    .reg .b32 lane, value, d, t;
                    .reg .u64 address, offset;
                    .reg .pred p, q, odd;
                    ppu.mov.u32 lane, %%laneid;
                    ppu.add.u32 value, lane, 1000;
                    ppu.mov.b32 d, 0;
                    ppu.and.b32 t, lane, 1;
                    ppu.cmpp.ne.b32 odd, t, 0;
                %s
                    ppu.ld.param.u64 address, [out];
                    ppu.mul.wide.u32 offset, lane, 4;
                    ppu.add.u64 address, address, offset;
                    ppu.st.global.b32 [address], d;
                }
                """.formatted(code));
        long out = runner.memory.allocate(128);
        runner.run(new Dim3(1, 1, 1), new Dim3(32, 1, 1), out);
        for (int lane = 0; lane < 32; lane++) {
            assertThat(runner.memory.intAt(out + 4L * lane)).as("lane %d", lane).isEqualTo(expected.applyAsInt(lane));
        }
    }

    @Test
    void specialRegistersSayWhoAndWhere() {
        check("    ppu.mov.u32 d, %cuid;", lane -> 3);
        check("    ppu.mov.u32 d, %ncuid;", lane -> 64);
        check("    ppu.mov.u64 address, %gridid;\n    ppu.cvt.u32.u64 d, address;", lane -> 77);
        check("    ppu.mov.u32 t, %clock;\n    ppu.mov.u32 d, %clock;\n    ppu.cmpp.gt.u32 p, d, t;\n    ppu.selp.b32 d, 1, 0, p;",
                lane -> 1);
        check("    ppu.mov.u32 d, %clock_hi;", lane -> 1);
    }

    @Test
    void threadsAreNumberedXFirst() {
        KernelRunner runner = KernelRunner.of("""
                .entry test(.u64 out) {
                    .reg .u32 i, d;
                    .reg .u64 address, offset;
                    ppu.mad.lo.u32 i, %tid.z, %ntid.y, %tid.y;
                    ppu.mad.lo.u32 i, i, %ntid.x, %tid.x;
                    ppu.mad.lo.u32 d, %warpid, 32, %laneid;
                    ppu.mul.wide.u32 offset, i, 4;
                    ppu.ld.param.u64 address, [out];
                    ppu.add.u64 address, address, offset;
                    ppu.st.global.b32 [address], d;
                }
                """);
        long out = runner.memory.allocate(4 * 105);
        runner.run(new Dim3(1, 1, 1), new Dim3(7, 5, 3), out);
        for (int i = 0; i < 105; i++) {
            assertThat(runner.memory.intAt(out + 4L * i)).isEqualTo(i);
        }
    }
}
