package dev.openppu.harness.tix;

import static org.assertj.core.api.Assertions.fail;

import dev.openppu.model.compute.Dim3;
import java.lang.foreign.MemorySegment;

/**
 * Executes one instruction for many operands and compares every result with a reference. Operands and result travel in 8-byte slots; each thread has one set,
 * half of the warps with all lanes active, the other half with every third lane, whose neighbours must keep their registers.
 */
final class InstructionBench {
    /** What the result must be; raw bits in, raw bits out. */
    interface Reference {
        long apply(long a, long b, long c);
    }

    private static final long UNTOUCHED = 0x5A5A_5A5A_5A5A_5A5AL;

    private InstructionBench() {}

    /**
     * @param instruction with operands {@code d, a, b, c}
     * @param bits widths of d, a, b, c; 0 where there is none, 1 for a predicate
     * @param operands sets of a, b, c
     */
    static void check(String instruction, int[] bits, long[][] operands, Reference reference) {
        KernelRunner runner = new KernelRunner(new FlatMemory(1 << 20 | 64L * operands.length), source(instruction, bits));
        FlatMemory memory = runner.memory;
        int threads = (operands.length + 31) / 32 * 32;
        long[] addresses = new long[3];
        for (int i = 0; i < 3; i++) {
            long[] column = new long[threads];
            for (int row = 0; row < threads; row++) {
                column[row] = operands[row % operands.length][i];
            }
            addresses[i] = memory.place(MemorySegment.ofArray(column));
        }
        long results = memory.allocate(8L * threads);
        runner.run(new Dim3(threads / 32, 1, 1), new Dim3(32, 1, 1), addresses[0], addresses[1], addresses[2], results);
        for (int i = 0; i < threads; i++) {
            long[] set = operands[i % operands.length];
            boolean active = (i / 32 & 1) == 0 || i % 3 == 0;
            long expected = active
                    ? mask(reference.apply(mask(set[0], bits[1]), mask(set[1], bits[2]), mask(set[2], bits[3])), bits[0])
                    : mask(UNTOUCHED, bits[0]);
            long actual = mask(memory.longAt(results + 8L * i), bits[0]);
            if (actual != expected) {
                fail("%s: a=%x b=%x c=%x gives %x, expected %x (thread %d, %s)", instruction, mask(set[0], bits[1]), mask(set[1], bits[2]),
                        mask(set[2], bits[3]), actual, expected, i, active ? "active" : "inactive");
            }
        }
    }

    static long mask(long value, int bits) {
        return bits >= 64 ? value : value & (1L << bits) - 1;
    }

    private static String source(String instruction, int[] bits) {
        StringBuilder text = new StringBuilder("""
                .entry test(.u64 pa, .u64 pb, .u64 pc, .u64 pd) {
                    .reg .u32 i, odd, third;
                    .reg .u64 offset, address;
                    .reg .pred all, some, run;
                    ppu.mad.lo.u32 i, %blkid.x, %ntid.x, %tid.x;
                    ppu.mul.wide.u32 offset, i, 8;
                    ppu.and.b32 odd, %blkid.x, 1;
                    ppu.rem.u32 third, i, 3;
                    ppu.cmpp.eq.u32 all, odd, 0;
                    ppu.cmpp.eq.u32 some, third, 0;
                    ppu.or.pred run, all, some;
                """);
        String[] names = {"d", "a", "b", "c"};
        for (int i = 0; i < 4; i++) {
            if (bits[i] > 1) {
                text.append("    .reg .b%d %s;\n".formatted(bits[i], names[i]));
            } else if (bits[i] == 1) {
                text.append("    .reg .pred %s;\n    .reg .b32 %sWord;\n".formatted(names[i], names[i]));
            }
        }
        for (int i = 1; i < 4; i++) {
            if (bits[i] > 0) {
                String register = bits[i] == 1 ? names[i] + "Word" : names[i];
                text.append("    ppu.ld.param.u64 address, [p%s];\n    ppu.add.u64 address, address, offset;\n".formatted(names[i]));
                text.append("    ppu.ld.global.b%d %s, [address];\n".formatted(Math.max(32, bits[i]) == 32 && bits[i] == 1 ? 32 : bits[i],
                        register));
                if (bits[i] == 1) {
                    text.append("    ppu.and.b32 %1$sWord, %1$sWord, 1;\n    ppu.cmpp.ne.b32 %1$s, %1$sWord, 0;\n".formatted(names[i]));
                }
            }
        }
        if (bits[0] == 1) {
            text.append("    ppu.cmpp.ne.b32 d, odd, odd;\n"); // mask(UNTOUCHED, 1) is 0
            text.append("@run ").append(instruction).append(";\n    ppu.selp.b32 dWord, 1, 0, d;\n");
        } else {
            text.append("    ppu.mov.b%d d, 0x%x;\n".formatted(bits[0], mask(UNTOUCHED, bits[0])));
            text.append("@run ").append(instruction).append(";\n");
        }
        text.append("    ppu.ld.param.u64 address, [pd];\n    ppu.add.u64 address, address, offset;\n");
        text.append("    ppu.st.global.b%d [address], %s;\n}\n".formatted(bits[0] == 1 ? 32 : bits[0], bits[0] == 1 ? "dWord" : "d"));
        return text.toString();
    }
}
