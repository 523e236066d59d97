package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.model.compute.Dim3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarrierTest {
    private static final String HEAD = """
            .entry test(.u64 out) {
                .shared .u32 box[1024];
                .reg .u32 i, d, t, left, warp, round;
                .reg .u64 address, offset;
                .reg .pred p, q, more;
                ppu.mov.u32 i, %tid.x;
                ppu.mov.u32 warp, %warpid;
                ppu.mov.u32 d, 0;
                ppu.shl.b32 t, i, 2;
            """;
    private static final String TAIL = """
                ppu.ld.param.u64 address, [out];
                ppu.mul.wide.u32 offset, i, 4;
                ppu.add.u64 address, address, offset;
                ppu.st.global.b32 [address], d;
            }
            """;

    private static int[] run(String code, int threads, int slice) {
        KernelRunner runner = KernelRunner.of(HEAD + code + TAIL).slice(slice);
        long out = runner.memory.allocate(4L * threads);
        runner.run(new Dim3(1, 1, 1), new Dim3(threads, 1, 1), out);
        int[] results = new int[threads];
        for (int i = 0; i < threads; i++) {
            results[i] = runner.memory.intAt(out + 4L * i);
        }
        return results;
    }

    /** Each thread passes a number around the ring of threads, one step a round. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 100_000})
    void storesBeforeABarrierAreSeenBehindIt(int slice) {
        int threads = 200;
        int[] results = run("""
                    ppu.mov.u32 d, i;
                    ppu.mov.u32 round, 0;
                    ppu.add.u32 left, i, 1;
                    ppu.rem.u32 left, left, %ntid.x;
                    ppu.shl.b32 left, left, 2;
                loop:
                    ppu.st.shared.u32 [t], d;
                    ppu.bar.sync 3;
                    ppu.ld.shared.u32 d, [left];
                    ppu.bar.sync 3;
                    ppu.add.u32 round, round, 1;
                    ppu.cmpp.lt.u32 more, round, 10;
                @more ppu.bra loop;
                """, threads, slice);
        for (int i = 0; i < threads; i++) {
            assertThat(results[i]).isEqualTo((i + 10) % threads);
        }
    }

    @Test
    void barriersReduceAPredicateOverTheBlock() {
        int[] count = run("    ppu.cmpp.lt.u32 p, i, 77;\n    ppu.bar.red.popc.u32 d, 1, p;\n", 100, 10);
        assertThat(count).containsOnly(77);
        int[] any = run("    ppu.cmpp.eq.u32 p, i, 99;\n    ppu.bar.red.or.pred q, 1, p;\n    ppu.selp.b32 d, 1, 0, q;\n", 100, 10);
        assertThat(any).containsOnly(1);
        int[] all = run("    ppu.cmpp.ne.u32 p, i, 99;\n    ppu.bar.red.and.pred q, 1, p;\n    ppu.selp.b32 d, 1, 0, q;\n", 100, 10);
        assertThat(all).containsOnly(0);
        int[] early = run("    ppu.cmpp.ne.u32 p, i, 3;\n    ppu.bar.red.and.pred q, 1, p;\n    ppu.selp.b32 d, 1, 0, q;\n", 100, 10);
        assertThat(early).containsOnly(0);
        int[] none = run("    ppu.cmpp.eq.u32 p, i, 999;\n    ppu.bar.red.and.pred q, 15, !p;\n    ppu.selp.b32 d, 1, 0, q;\n", 100, 10);
        assertThat(none).containsOnly(1);
    }

    @Test
    void threadsThatExitedAreNotWaitedFor() {
        int[] results = run("""
                    ppu.cmpp.ge.u32 p, i, 40;
                @p  ppu.exit;
                    ppu.bar.sync 0;
                    ppu.mov.u32 d, 5;
                """, 128, 3);
        for (int i = 0; i < 128; i++) {
            assertThat(results[i]).isEqualTo(i < 40 ? 5 : 0);
        }
    }

    @Test
    void producersArriveWithoutWaiting() {
        int[] results = run("""
                    ppu.cmpp.eq.u32 p, warp, 0;
                @p  ppu.bra produce;
                    ppu.bar.sync 0, 64;
                    ppu.sub.u32 left, t, 128;
                    ppu.ld.shared.u32 d, [left];
                    ppu.bra end;
                produce:
                    ppu.add.u32 d, i, 500;
                    ppu.st.shared.u32 [t], d;
                    ppu.bar.arrive 0, 64;
                end:
                """, 64, 2);
        for (int i = 0; i < 64; i++) {
            assertThat(results[i]).isEqualTo(500 + i % 32);
        }
    }

    @Test
    void lanesOfAWarpMayComeToABarrierOneAfterTheOther() {
        int[] results = run("""
                    ppu.and.b32 left, i, 1;
                    ppu.cmpp.ne.b32 p, left, 0;
                @p  ppu.bra odd;
                    ppu.st.shared.u32 [t], i;
                    ppu.bar.sync 2;
                    ppu.bra read;
                odd:
                    ppu.st.shared.u32 [t], i;
                    ppu.bar.sync 2;
                read:
                    ppu.xor.b32 t, t, 4;
                    ppu.ld.shared.u32 d, [t];
                """, 96, 1);
        for (int i = 0; i < 96; i++) {
            assertThat(results[i]).isEqualTo(i ^ 1);
        }
    }
}
