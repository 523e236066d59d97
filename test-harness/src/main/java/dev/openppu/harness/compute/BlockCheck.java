package dev.openppu.harness.compute;

import java.util.function.IntUnaryOperator;

/**
 * A program of one block whose threads tell each other something, and what each of them has to end with.
 *
 * @param group what it shows, in words
 * @param shown what is special of the program, on one line
 * @param code that stores a word for each thread, in the order of threads, from {@code [out]} on
 * @param threads of the block, in one dimension
 * @param expected of each thread
 */
public record BlockCheck(String group, String shown, String code, int threads, IntUnaryOperator expected) {
    /** The kernel, of one address. */
    public String kernel(String name) {
        return ".entry %s(.u64 out) {\n%s}\n".formatted(name, code);
    }
}
