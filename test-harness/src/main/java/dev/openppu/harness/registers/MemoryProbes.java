package dev.openppu.harness.registers;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.Check;
import java.util.stream.LongStream;

/** The sequences on memories. Stateless. */
final class MemoryProbes {
    private static final long[] PATTERNS = {-1, 0, 0x5555_5555_5555_5555L, 0xaaaa_aaaa_aaaa_aaaaL};
    private static final long MOST = 1024;

    private MemoryProbes() {}

    /** Writes patterns to each word and reads them. */
    static void access(Mmio mmio, TestedMemory memory, boolean thorough) {
        words(memory, thorough).forEach(word -> {
            long before = memory.read(mmio, word);
            for (long pattern : PATTERNS) {
                long wanted = pattern & memory.mask(word);
                memory.write(mmio, word, wanted);
                Check.hex("%s after writing 0x%x".formatted(memory.name(word), wanted), wanted, memory.read(mmio, word));
            }
            memory.write(mmio, word, before);
        });
    }

    /** Writes ~k to each word k; before it goes on, the word before must still hold its own, and gets k. At the end all are read. */
    static void walk(Mmio mmio, TestedMemory memory, boolean thorough) {
        long[] words = words(memory, thorough).toArray();
        for (int i = 0; i < words.length; i++) {
            memory.write(mmio, words[i], ~words[i]);
            if (i > 0) {
                long last = words[i - 1];
                Check.hex("%s after %s was written".formatted(memory.name(last), memory.name(words[i])), ~last & memory.mask(last),
                        memory.read(mmio, last));
                memory.write(mmio, last, last);
            }
        }
        long end = words[words.length - 1];
        Check.hex(memory.name(end) + ", the last", ~end & memory.mask(end), memory.read(mmio, end));
        for (int i = 0; i + 1 < words.length; i++) {
            Check.hex(memory.name(words[i]) + " at the end", words[i] & memory.mask(words[i]), memory.read(mmio, words[i]));
        }
    }

    /** All words, or the first, the last and each at a power of two. */
    private static LongStream words(TestedMemory memory, boolean thorough) {
        long count = memory.words();
        return thorough || count <= MOST
                ? LongStream.range(0, count)
                : LongStream.concat(LongStream.concat(LongStream.range(0, MOST / 2),
                        LongStream.iterate(MOST, at -> at < count - MOST / 2, at -> 2 * at)), LongStream.range(count - MOST / 2, count))
                        .distinct();
    }
}
