package dev.openppu.harness.compute;

import java.util.function.IntUnaryOperator;

/** Barriers of a block: who waits for whom, what is seen behind them, and what they count. */
final class BarrierPrograms {
    private static final int RING = 200;
    private static final int ROUNDS = 10;
    private static final String HEAD = """
                .shared .u32 box[1024];
                .reg .u32 i, t, left, warp, round;
                .reg .pred p, q, more;
                ppu.mov.u32 i, %tid.x;
                ppu.mov.u32 warp, %warpid;
                ppu.shl.b32 t, i, 2;
            """;

    private BarrierPrograms() {}

    static void addTo(BlockCatalogue into) {
        storesAreSeen(into.group("stores before a barrier are seen behind it"));
        predicatesAreReduced(into.group("barriers reduce a predicate over the block"));
        whoHasLeftIsNotWaitedFor(into.group("threads that exited are not waited for"));
        producersDoNotWait(into.group("producers arrive without waiting"));
        lanesComeApart(into.group("lanes of a warp may come to a barrier one after the other"));
    }

    private static void check(BlockCatalogue.Group into, String code, int threads, IntUnaryOperator expected) {
        into.check(HEAD, code, threads, expected);
    }

    /** Each thread passes a number around the ring of threads, one step a round. */
    private static void storesAreSeen(BlockCatalogue.Group into) {
        check(into, """
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
                """, RING, i -> (i + ROUNDS) % RING);
    }

    /** The first path of threads, or the last, or none is another one than the rest. */
    private static void predicatesAreReduced(BlockCatalogue.Group into) {
        count(into, "lt", 77, 77);
        count(into, "lt", 3, 3);
        count(into, "ge", 96, 4);
        for (int one : new int[]{0, 3, 32, 50, 99}) {
            bool(into, "eq", one, "or", 1);
            bool(into, "ne", one, "and", 0);
        }
        bool(into, "eq", 999, "or", 0);
        bool(into, "ne", 999, "and", 1);
        bool(into, "eq", 999, "and", 0);
        bool(into, "ne", 999, "or", 1);
    }

    private static void count(BlockCatalogue.Group into, String relation, int number, int expected) {
        check(into, "    ppu.cmpp.%s.u32 p, i, %d;\n    ppu.bar.red.popc.u32 d, 1, p;\n".formatted(relation, number), 100, i -> expected);
    }

    private static void bool(BlockCatalogue.Group into, String relation, int number, String reduction, int expected) {
        check(into, """
                    ppu.cmpp.%s.u32 p, i, %d;
                    ppu.bar.red.%s.pred q, 15, p;
                    ppu.selp.b32 d, 1, 0, q;
                """.formatted(relation, number, reduction), 100, i -> expected);
    }

    /** What those who exit would have stored stays 0. */
    private static void whoHasLeftIsNotWaitedFor(BlockCatalogue.Group into) {
        check(into, """
                    ppu.cmpp.ge.u32 p, i, 40;
                @p  ppu.exit;
                    ppu.bar.sync 0;
                    ppu.mov.u32 d, 5;
                """, 128, i -> i < 40 ? 5 : 0);
    }

    private static void producersDoNotWait(BlockCatalogue.Group into) {
        check(into, """
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
                """, 64, i -> 500 + i % 32);
    }

    private static void lanesComeApart(BlockCatalogue.Group into) {
        check(into, """
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
                """, 96, i -> i ^ 1);
    }
}
