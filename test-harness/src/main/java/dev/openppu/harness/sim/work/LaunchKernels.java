package dev.openppu.harness.sim.work;

import dev.openppu.abi.code.CodeObject;
import dev.openppu.driver.tix.TixAssembler;
import dev.openppu.driver.tix.TixException;

/**
 * Kernels of {@link LaunchSteps}. {@code few} and {@code many} take a shape of up to three dimensions, number its threads, x first, and of each number make its product with {@code factor} and {@code summand}; the
 * parameters of {@code many} need a large block. {@code bytes} and {@code halves} store {@code value} and a thread's number, each {@code stride} bytes behind the other.
 */
final class LaunchKernels {
    static final String FEW = "few";
    static final String MANY = "many";
    static final String BYTES = "bytes";
    static final String HALVES = "halves";
    /** Bytes of {@code many} that lie between the parameters that it uses. */
    static final int PADDING = 520;
    static final CodeObject CODE = assemble();

    private static final String SHAPED = """
            {
                .reg .u32 i, count, x, f, s;
                .reg .u64 offset, address;
                .reg .pred beyond;
                ppu.mad.lo.u32      i, %%blkid.z, %%nblkid.y, %%blkid.y;
                ppu.mad.lo.u32      i, i, %%nblkid.x, %%blkid.x;
                ppu.mad.lo.u32      i, i, %%ntid.z, %%tid.z;
                ppu.mad.lo.u32      i, i, %%ntid.y, %%tid.y;
                ppu.mad.lo.u32      i, i, %%ntid.x, %%tid.x;
                ppu.ld.param.u32    count, [n];
                ppu.cmpp.ge.u32     beyond, i, count;
            @beyond ppu.exit;
                ppu.mul.wide.u32    offset, i, 4;
                ppu.ld.param.u64    address, [data];
                ppu.add.u64         address, address, offset;
                ppu.ld.param.u32    f, [factor];
                ppu.ld.param.u32    s, [summand];
                ppu.ld.global.u32   x, [address];
                ppu.mad.lo.u32      x, x, f, s;
                ppu.st.global.u32   [address], x;
                ppu.exit;
            }
            """;
    private static final String NARROW = """
            .entry %s(.param .u64 data, .param .u32 stride, .param .u32 value)
            {
                .reg .u32 v, i, apart;
                .reg .u64 offset, address;
                ppu.mad.lo.u32      i, %%blkid.x, %%ntid.x, %%tid.x;
                ppu.ld.param.u32    apart, [stride];
                ppu.mul.wide.u32    offset, i, apart;
                ppu.ld.param.u64    address, [data];
                ppu.add.u64         address, address, offset;
                ppu.ld.param.u32    v, [value];
                ppu.add.u32         v, v, i;
                ppu.st.global.%s    [address], v;
                ppu.exit;
            }
            """;

    private LaunchKernels() {}

    private static CodeObject assemble() {
        String source = """
                .target ppu_10;
                .entry few(.param .u32 factor, .param .u64 data, .param .u32 n, .param .u32 summand)
                """ + SHAPED.formatted()
                + ".entry many(.param .u32 factor, .param .b8 padding[%d], .param .u64 data, .param .u32 n, .param .u32 summand)%n"
                        .formatted(PADDING)
                + SHAPED.formatted() + NARROW.formatted(BYTES, "u8") + NARROW.formatted(HALVES, "u16");
        try {
            return TixAssembler.assemble("launches.tix", source);
        } catch (TixException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
