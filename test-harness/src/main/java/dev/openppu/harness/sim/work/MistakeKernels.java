package dev.openppu.harness.sim.work;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;

/** Kernels that go wrong, or do with the right arguments. All are for one thread, but those that wait: two warps. */
final class MistakeKernels {
    static final CodeObject CODE = assemble();

    private MistakeKernels() {}

    private static CodeObject assemble() {
        try {
            return TixAssembler.assemble("mistakes.tix", """
                    .target ppu_10;
                    .entry load(.param .u64 from, .param .u64 out)
                    {
                        .reg .u32 x;
                        .reg .u64 at;
                        ppu.ld.param.u64    at, [from];
                        ppu.ld.global.u32   x, [at];
                        ppu.ld.param.u64    at, [out];
                        ppu.st.global.u32   [at], x;
                    }
                    .entry store(.param .u64 to, .param .u32 value)
                    {
                        .reg .u32 x;
                        .reg .u64 at;
                        ppu.ld.param.u64    at, [to];
                        ppu.ld.param.u32    x, [value];
                        ppu.st.global.u32   [at], x;
                    }
                    .entry count(.param .u64 to)
                    {
                        .reg .u32 x;
                        .reg .u64 at;
                        ppu.ld.param.u64    at, [to];
                        ppu.atom.global.add.u32 x, [at], 1;
                    }
                    .entry divide(.param .u64 out, .param .u32 by)
                    {
                        .reg .u32 x, y;
                        .reg .u64 at;
                        ppu.mov.u32         x, 7;
                        ppu.ld.param.u32    y, [by];
                        ppu.div.u32         x, x, y;
                        ppu.ld.param.u64    at, [out];
                        ppu.st.global.u32   [at], x;
                    }
                    .entry spin(.param .u32 turns)
                    {
                        .reg .u32 left;
                        .reg .pred more;
                        ppu.ld.param.u32    left, [turns];
                    again:
                        ppu.sub.u32         left, left, 1;
                        ppu.cmpp.ne.u32     more, left, 0;
                    @more   ppu.bra         again;
                    }
                    .entry shared()
                    {
                        .shared .u32 box[4];
                        .reg .u32 x;
                        ppu.ld.shared.u32   x, [box + 16];
                    }
                    .entry local()
                    {
                        .local .u32 mine[2];
                        .reg .u32 x;
                        ppu.ld.local.u32    x, [mine + 8];
                    }
                    .entry barrier()
                    {
                        .reg .u32 x;
                        ppu.mov.u32         x, 16;
                        ppu.bar.sync        x;
                    }
                    .entry deadlock()
                    {
                        .reg .u32 i;
                        .reg .pred first;
                        ppu.mov.u32         i, %tid.x;
                        ppu.cmpp.lt.u32     first, i, 32;
                    @first  ppu.bar.sync    1;
                    @!first ppu.bar.sync    2;
                        ppu.bar.sync        1, 64;
                    }
                    """);
        } catch (TixException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
