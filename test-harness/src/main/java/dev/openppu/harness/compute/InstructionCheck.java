package dev.openppu.harness.compute;

/**
 * An instruction, the operands that it is tried with, and what it has to give. Operands and result travel in slots of eight bytes; each thread has one set. Of every second warp all threads execute it, of the others every third
 * one, whose neighbours must keep their registers.
 *
 * @param group what it is said to do, in words
 * @param instruction with operands {@code d}, {@code a}, {@code b}, {@code c}
 * @param bits widths of d, a, b, c; 0 where there is none, 1 for a predicate
 * @param operands sets of a, b, c
 */
public record InstructionCheck(String group, String instruction, int[] bits, long[][] operands, Reference reference) {
    /** Threads of a warp. */
    public static final int WARP = 32;
    private static final long UNTOUCHED = 0x5A5A_5A5A_5A5A_5A5AL;
    private static final int EXECUTES = 3;

    /** What the result must be; raw bits in, raw bits out. */
    public interface Reference {
        long apply(long a, long b, long c);
    }

    /** Whether a thread executes the instruction. */
    public static boolean active(int thread) {
        return (thread / WARP & 1) == 0 || thread % EXECUTES == 0;
    }

    /** What the thread's slot for the result must have in its low bits, as many as the result has. */
    public long expected(int thread, long[] set) {
        return active(thread)
                ? result(reference.apply(mask(set[0], bits[1]), mask(set[1], bits[2]), mask(set[2], bits[3])))
                : result(UNTOUCHED);
    }

    /** The bits of a slot that are the result's. */
    public long result(long slot) {
        return mask(slot, bits[0]);
    }

    /** An operand set as the instruction sees it. */
    public String shown(long[] set) {
        return "%s: a=%x b=%x c=%x".formatted(instruction, mask(set[0], bits[1]), mask(set[1], bits[2]), mask(set[2], bits[3]));
    }

    /** The lowest bits of a number. */
    public static long mask(long value, int bits) {
        return bits >= Long.SIZE ? value : value & (1L << bits) - 1;
    }

    /** A kernel of four addresses, of columns a, b, c and of the results: warps of 32 threads, one a block. */
    public String kernel(String name) {
        StringBuilder text = new StringBuilder("""
                .entry %s(.u64 pa, .u64 pb, .u64 pc, .u64 pd) {
                    .reg .u32 i, odd, third;
                    .reg .u64 offset, address;
                    .reg .pred all, some, run;
                    ppu.mad.lo.u32 i, %%blkid.x, %%ntid.x, %%tid.x;
                    ppu.mul.wide.u32 offset, i, 8;
                    ppu.and.b32 odd, %%blkid.x, 1;
                    ppu.rem.u32 third, i, 3;
                    ppu.cmpp.eq.u32 all, odd, 0;
                    ppu.cmpp.eq.u32 some, third, 0;
                    ppu.or.pred run, all, some;
                """.formatted(name));
        String[] names = {"d", "a", "b", "c"};
        for (int i = 0; i < names.length; i++) {
            if (bits[i] > 1) {
                text.append("    .reg .b%d %s;\n".formatted(bits[i], names[i]));
            } else if (bits[i] == 1) {
                text.append("    .reg .pred %s;\n    .reg .b32 %sWord;\n".formatted(names[i], names[i]));
            }
        }
        for (int i = 1; i < names.length; i++) {
            load(text, names[i], bits[i]);
        }
        if (bits[0] == 1) {
            text.append("    ppu.cmpp.ne.b32 d, odd, odd;\n"); // the lowest bit of UNTOUCHED is 0
            text.append("@run ").append(instruction).append(";\n    ppu.selp.b32 dWord, 1, 0, d;\n");
        } else {
            text.append("    ppu.mov.b%d d, 0x%x;\n".formatted(bits[0], result(UNTOUCHED)));
            text.append("@run ").append(instruction).append(";\n");
        }
        text.append("    ppu.ld.param.u64 address, [pd];\n    ppu.add.u64 address, address, offset;\n");
        text.append("    ppu.st.global.b%d [address], %s;\n}\n".formatted(bits[0] == 1 ? 32 : bits[0], bits[0] == 1 ? "dWord" : "d"));
        return text.toString();
    }

    private static void load(StringBuilder text, String name, int bits) {
        if (bits == 0) {
            return;
        }
        text.append("    ppu.ld.param.u64 address, [p%s];\n    ppu.add.u64 address, address, offset;\n".formatted(name));
        if (bits > 1) {
            text.append("    ppu.ld.global.b%d %s, [address];\n".formatted(bits, name));
        } else {
            text.append("""
                        ppu.ld.global.b32 %1$sWord, [address];
                        ppu.and.b32 %1$sWord, %1$sWord, 1;
                        ppu.cmpp.ne.b32 %1$s, %1$sWord, 0;
                    """.formatted(name));
        }
    }
}
