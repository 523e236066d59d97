package dev.openppu.harness.bringup;

/**
 * An atomic instruction of TIX as a kernel runs it for many operands, and what it has to leave; it gives the old value.
 *
 * @param name of the kernel
 * @param bytes of its operands and its result: 4 or 8
 * @param code that changes the word at {@code [memory]}, which holds {@code a}, or at {@code [slot]} in shared memory
 * @param twin in plain Java, on bits as they are stored, those above the operands' width 0
 */
record AtomicInstruction(String name, int bytes, String code, Twin twin) {
    /** What the word is then; of 32-bit operands the lower half counts. */
    @FunctionalInterface
    interface Twin {
        long of(long a, long b, long c);
    }

    /** One that changes a word of global memory, or a word of shared memory that is then stored. */
    static AtomicInstruction of(boolean shared, String mnemonic, int bytes, Twin twin) {
        String operands = mnemonic.startsWith("cas") ? "b, c" : "b";
        int bits = Byte.SIZE * bytes;
        String code = shared
                ? """
                        ppu.st.shared.b%1$d [slot], a;
                            ppu.atom.shared.%2$s d, [slot], %3$s;
                            ppu.ld.shared.b%1$d a, [slot];
                            ppu.st.global.b%1$d [memory], a;""".formatted(bits, mnemonic, operands)
                : "ppu.atom.global.%s d, [memory], %s;".formatted(mnemonic, operands);
        return new AtomicInstruction((shared ? "shared_" : "global_") + mnemonic.replace('.', '_'), bytes, code, twin);
    }

    /** The kernel: a thread for each element of the four arrays; b and c are read, a is where atomic ones work, d takes the results. */
    String source() {
        return """
                .entry %1$s(.param .u64 as, .param .u64 bs, .param .u64 cs, .param .u64 ds, .param .u32 n)
                {
                    .reg .u32 i, count, slot;
                    .reg .u64 at, memory, place;
                    .reg .b%2$d a, b, c, d;
                    .reg .pred beyond;
                    ppu.mad.lo.u32   i, %%blkid.x, %%ntid.x, %%tid.x;
                    ppu.ld.param.u32 count, [n];
                    ppu.cmpp.ge.u32  beyond, i, count;
                @beyond ppu.exit;
                    ppu.mul.wide.u32 at, i, %3$d;
                    ppu.mul.lo.u32   slot, %%tid.x, %3$d;
                    ppu.ld.param.u64 place, [bs];
                    ppu.add.u64      place, place, at;
                    ppu.ld.global.b%2$d b, [place];
                    ppu.ld.param.u64 place, [cs];
                    ppu.add.u64      place, place, at;
                    ppu.ld.global.b%2$d c, [place];
                    ppu.ld.param.u64 memory, [as];
                    ppu.add.u64      memory, memory, at;
                    ppu.ld.global.b%2$d a, [memory];
                    %4$s
                    ppu.ld.param.u64 place, [ds];
                    ppu.add.u64      place, place, at;
                    ppu.st.global.b%2$d [place], d;
                    ppu.exit;
                }
                """.formatted(name, Byte.SIZE * bytes, bytes, code);
    }
}
