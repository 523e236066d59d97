package dev.openppu.harness.compute;

import java.util.function.IntUnaryOperator;

/**
 * A program of one block whose threads tell each other something, and what each of them has to end with.
 *
 * @param group what it shows, in words
 * @param shown what is special of the program, on one line
 * @param code that leaves each thread's result in {@code d}, which is 0 at first
 * @param threads of the block, in one dimension
 * @param expected of each thread
 */
public record BlockCheck(String group, String shown, String code, int threads, IntUnaryOperator expected) {
    /** The kernel, of one address, where a word for each thread goes; who exits before stores none. */
    public String kernel(String name) {
        return """
                .entry %s(.u64 out) {
                    .reg .b32 d;
                    .reg .u64 address, offset;
                    ppu.mov.b32 d, 0;
                %s
                    ppu.ld.param.u64 address, [out];
                    ppu.mul.wide.u32 offset, %%tid.x, 4;
                    ppu.add.u64 address, address, offset;
                    ppu.st.global.b32 [address], d;
                }
                """.formatted(name, code);
    }
}
