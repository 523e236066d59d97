package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.model.compute.Dim3;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarpExchangeTest {
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

    @ParameterizedTest
    @CsvSource({"up,3,0", "down,3,0x1f", "bfly,5,0x1f", "idx,9,0x1f", "up,2,0x1800", "down,2,0x181f", "idx,6,0x181f", "bfly,12,0x181f"})
    void shufflesReadTheLaneTheyCompute(String mode, int offset, String bounds) {
        int c = Integer.decode(bounds);
        check("    ppu.shfl.sync.%s.b32 d|p, value, %d, %d, 0xffffffff;\n@!p ppu.neg.s32 d, d;".formatted(mode, offset, c), lane -> {
            int segments = c >> 8 & 31;
            int low = lane & segments;
            int high = low | c & 31 & ~segments;
            int from = switch (mode) {
                case "up" -> lane - offset;
                case "down" -> lane + offset;
                case "bfly" -> lane ^ offset;
                default -> low | offset & ~segments;
            };
            boolean valid = mode.equals("up") ? from >= low : from <= high;
            return valid ? 1000 + from : -(1000 + lane);
        });
    }

    @Test
    void votesSeeEveryMember() {
        check("    ppu.vote.sync.ballot.b32 d, odd, 0xffffffff;", lane -> 0xAAAA_AAAA);
        check("    ppu.vote.sync.any.pred p, odd, 0xffffffff;\n    ppu.selp.b32 d, 1, 0, p;", lane -> 1);
        check("    ppu.vote.sync.all.pred p, !odd, 0xffffffff;\n    ppu.selp.b32 d, 1, 0, p;", lane -> 0);
        check("    ppu.vote.sync.uni.pred p, odd, 0xffffffff;\n    ppu.selp.b32 d, 1, 0, p;", lane -> 0);
        check("    ppu.cmpp.ne.u32 p, lane, lane;\n    ppu.vote.sync.uni.pred p, p, 0xffffffff;\n    ppu.selp.b32 d, 1, 0, p;", lane -> 1);
        check("@odd ppu.vote.sync.uni.pred p, odd, 0xaaaaaaaa;\n@odd ppu.selp.b32 d, 1, 0, p;", lane -> lane & 1);
    }

    @Test
    void matchingGroupsEqualValues() {
        check("    ppu.and.b32 t, lane, 3;\n    ppu.match.any.sync.b32 d, t, 0xffffffff;", lane -> 0x1111_1111 << (lane & 3));
        check("    ppu.match.all.sync.b32 d|p, lane, 0xffffffff;\n@p ppu.mov.b32 d, 7;", lane -> 0);
        check("    ppu.match.all.sync.b32 d|p, 5, 0xffffffff;\n@!p ppu.mov.b32 d, 7;", lane -> -1);
    }

    @Test
    void reductionsCombineAllMembers() {
        check("    ppu.redux.sync.add.u32 d, value, 0xffffffff;", lane -> 32 * 1000 + 31 * 16);
        check("    ppu.sub.s32 t, lane, 16;\n    ppu.redux.sync.min.s32 d, t, 0xffffffff;", lane -> -16);
        check("    ppu.sub.s32 t, lane, 16;\n    ppu.redux.sync.max.u32 d, t, 0xffffffff;", lane -> -1);
        check("@odd ppu.redux.sync.or.b32 d, lane, 0xaaaaaaaa;", lane -> (lane & 1) == 0 ? 0 : 31);
        check("    ppu.cvt.rtte.f32.u32 t, lane;\n    ppu.redux.sync.max.f32 d, t, 0xffffffff;", lane -> Float.floatToRawIntBits(31f));
    }

    @Test
    void membersMeetWhereverTheyComeFrom() {
        check("""
                @odd ppu.bra right;
                    ppu.add.u32 value, value, 1;
                    ppu.bra meet;
                right:
                    ppu.add.u32 value, value, 2;
                    ppu.add.u32 value, value, 3;
                meet:
                    ppu.shfl.sync.bfly.b32 d, value, 1, 0x1f, 0xffffffff;
                """, lane -> 1000 + (lane ^ 1) + ((lane & 1) == 0 ? 5 : 1));
    }

    @Test
    void warpBarriersMeetAtDifferentInstructions() {
        check("""
                    .shared .u32 box[32];
                    ppu.shl.b32 t, lane, 2;
                @odd ppu.bra right;
                    ppu.st.shared.u32 [t], value;
                    ppu.bar.warp.sync 0xffffffff;
                    ppu.bra read;
                right:
                    ppu.st.shared.u32 [t], value;
                    ppu.bar.warp.sync 0xffffffff;
                read:
                    ppu.xor.b32 t, t, 4;
                    ppu.ld.shared.u32 d, [t];
                """, lane -> 1000 + (lane ^ 1));
    }

    @Test
    void specialRegistersSayWhoAndWhere() {
        check("    ppu.mov.u32 d, %lanemask_lt;", lane -> (1 << lane) - 1);
        check("    ppu.mov.u32 d, %lanemask_le;", lane -> (int) ((2L << lane) - 1));
        check("    ppu.mov.u32 d, %lanemask_ge;", lane -> -1 << lane);
        check("    ppu.mov.u32 d, %lanemask_gt;", lane -> (int) (-2L << lane));
        check("    ppu.mov.u32 d, %lanemask_eq;", lane -> 1 << lane);
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
