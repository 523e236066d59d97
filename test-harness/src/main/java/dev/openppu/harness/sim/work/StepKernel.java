package dev.openppu.harness.sim.work;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;

/**
 * A kernel whose results are known: each 32-bit number becomes five times itself and three, so many times. Its parameters are the address of the numbers, how many there are, and the times (one or more).
 */
public final class StepKernel {
    public static final String NAME = "step";
    public static final CodeObject CODE = assemble();
    private static final int FACTOR = 5;
    private static final int SUMMAND = 3;

    private StepKernel() {}

    /** What it makes of a number. */
    public static int of(int x, int turns) {
        int value = x;
        for (int i = 0; i < turns; i++) {
            value = value * FACTOR + SUMMAND;
        }
        return value;
    }

    private static CodeObject assemble() {
        try {
            return TixAssembler.assemble("campaign.tix", """
                    .target ppu_10;
                    .entry step(.param .u64 data, .param .u32 n, .param .u32 turns)
                    {
                        .reg .u32 i, count, x, left;
                        .reg .u64 offset, address;
                        .reg .pred beyond, more;
                        ppu.mad.lo.u32      i, %blkid.x, %ntid.x, %tid.x;
                        ppu.ld.param.u32    count, [n];
                        ppu.cmpp.ge.u32     beyond, i, count;
                    @beyond ppu.exit;
                        ppu.mul.wide.u32    offset, i, 4;
                        ppu.ld.param.u64    address, [data];
                        ppu.add.u64         address, address, offset;
                        ppu.ld.global.u32   x, [address];
                        ppu.ld.param.u32    left, [turns];
                    again:
                        ppu.mad.lo.u32      x, x, 5, 3;
                        ppu.sub.u32         left, left, 1;
                        ppu.cmpp.ne.u32     more, left, 0;
                    @more   ppu.bra         again;
                        ppu.st.global.u32   [address], x;
                        ppu.exit;
                    }
                    """);
        } catch (TixException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
