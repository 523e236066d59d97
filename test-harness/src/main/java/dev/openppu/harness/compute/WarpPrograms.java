package dev.openppu.harness.compute;

import java.util.function.IntUnaryOperator;

/** What the threads of a warp tell each other. */
final class WarpPrograms {
    private static final int WARP = 32;
    private static final String HEAD = """
                .reg .b32 lane, value, t;
                .reg .pred p, q, odd;
                ppu.mov.u32 lane, %laneid;
                ppu.add.u32 value, lane, 1000;
                ppu.and.b32 t, lane, 1;
                ppu.cmpp.ne.b32 odd, t, 0;
            """;

    private WarpPrograms() {}

    static void addTo(BlockCatalogue into) {
        shufflesReadTheLaneTheyCompute(into.group("shuffles read the lane they compute"), "up", 3, 0);
        shufflesReadTheLaneTheyCompute(into.group("shuffles read the lane they compute"), "down", 3, 0x1f);
        shufflesReadTheLaneTheyCompute(into.group("shuffles read the lane they compute"), "bfly", 5, 0x1f);
        shufflesReadTheLaneTheyCompute(into.group("shuffles read the lane they compute"), "idx", 9, 0x1f);
        shufflesReadTheLaneTheyCompute(into.group("shuffles read the lane they compute"), "up", 2, 0x1800);
        shufflesReadTheLaneTheyCompute(into.group("shuffles read the lane they compute"), "down", 2, 0x181f);
        shufflesReadTheLaneTheyCompute(into.group("shuffles read the lane they compute"), "idx", 6, 0x181f);
        shufflesReadTheLaneTheyCompute(into.group("shuffles read the lane they compute"), "bfly", 12, 0x181f);
        votesSeeEveryMember(into.group("votes see every member"));
        matchingGroupsEqualValues(into.group("matching groups equal values"));
        reductionsCombineAllMembers(into.group("reductions combine all members"));
        membersMeetWhereverTheyComeFrom(into.group("members meet wherever they come from"));
        warpBarriersMeetAtDifferentInstructions(into.group("warp barriers meet at different instructions"));
        lanesHaveMasks(into.group("masks tell who is below and above"));
    }

    /** Runs code that leaves a result per lane in d; lane and its value (1000 + lane) are at hand. */
    private static void check(BlockCatalogue.Group into, String code, IntUnaryOperator expected) {
        into.check(HEAD, code, WARP, expected);
    }

    private static void shufflesReadTheLaneTheyCompute(BlockCatalogue.Group into, String mode, int offset, int c) {
        check(into, "    ppu.shfl.sync.%s.b32 d|p, value, %d, %d, 0xffffffff;\n@!p ppu.neg.s32 d, d;".formatted(mode, offset, c), lane -> {
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

    private static void votesSeeEveryMember(BlockCatalogue.Group into) {
        check(into, "    ppu.vote.sync.ballot.b32 d, odd, 0xffffffff;", lane -> 0xAAAA_AAAA);
        check(into, "    ppu.vote.sync.any.pred p, odd, 0xffffffff;\n    ppu.selp.b32 d, 1, 0, p;", lane -> 1);
        check(into, "    ppu.vote.sync.all.pred p, !odd, 0xffffffff;\n    ppu.selp.b32 d, 1, 0, p;", lane -> 0);
        check(into, "    ppu.vote.sync.uni.pred p, odd, 0xffffffff;\n    ppu.selp.b32 d, 1, 0, p;", lane -> 0);
        check(into, "    ppu.cmpp.ne.u32 p, lane, lane;\n    ppu.vote.sync.uni.pred p, p, 0xffffffff;\n    ppu.selp.b32 d, 1, 0, p;",
                lane -> 1);
        check(into, "@odd ppu.vote.sync.uni.pred p, odd, 0xaaaaaaaa;\n@odd ppu.selp.b32 d, 1, 0, p;", lane -> lane & 1);
    }

    private static void matchingGroupsEqualValues(BlockCatalogue.Group into) {
        check(into, "    ppu.and.b32 t, lane, 3;\n    ppu.match.any.sync.b32 d, t, 0xffffffff;", lane -> 0x1111_1111 << (lane & 3));
        check(into, "    ppu.match.all.sync.b32 d|p, lane, 0xffffffff;\n@p ppu.mov.b32 d, 7;", lane -> 0);
        check(into, "    ppu.match.all.sync.b32 d|p, 5, 0xffffffff;\n@!p ppu.mov.b32 d, 7;", lane -> -1);
    }

    private static void reductionsCombineAllMembers(BlockCatalogue.Group into) {
        check(into, "    ppu.redux.sync.add.u32 d, value, 0xffffffff;", lane -> 32 * 1000 + 31 * 16);
        check(into, "    ppu.sub.s32 t, lane, 16;\n    ppu.redux.sync.min.s32 d, t, 0xffffffff;", lane -> -16);
        check(into, "    ppu.sub.s32 t, lane, 16;\n    ppu.redux.sync.max.u32 d, t, 0xffffffff;", lane -> -1);
        check(into, "@odd ppu.redux.sync.or.b32 d, lane, 0xaaaaaaaa;", lane -> (lane & 1) == 0 ? 0 : 31);
        check(into, "    ppu.cvt.rtte.f32.u32 t, lane;\n    ppu.redux.sync.max.f32 d, t, 0xffffffff;",
                lane -> Float.floatToRawIntBits(31f));
    }

    private static void membersMeetWhereverTheyComeFrom(BlockCatalogue.Group into) {
        check(into, """
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

    private static void warpBarriersMeetAtDifferentInstructions(BlockCatalogue.Group into) {
        check(into, """
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

    private static void lanesHaveMasks(BlockCatalogue.Group into) {
        check(into, "    ppu.mov.u32 d, %lanemask_lt;", lane -> (1 << lane) - 1);
        check(into, "    ppu.mov.u32 d, %lanemask_le;", lane -> (int) ((2L << lane) - 1));
        check(into, "    ppu.mov.u32 d, %lanemask_ge;", lane -> -1 << lane);
        check(into, "    ppu.mov.u32 d, %lanemask_gt;", lane -> (int) (-2L << lane));
        check(into, "    ppu.mov.u32 d, %lanemask_eq;", lane -> 1 << lane);
    }
}
