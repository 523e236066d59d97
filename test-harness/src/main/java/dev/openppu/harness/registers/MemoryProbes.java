package dev.openppu.harness.registers;

import dev.openppu.hal.mmio.Mmio;
import dev.openppu.harness.Check;
import java.util.stream.LongStream;

/** The sequences on memories. Stateless. */
final class MemoryProbes {
    private static final long[] PATTERNS = {-1, 0, 0x5555_5555_5555_5555L, 0xaaaa_aaaa_aaaa_aaaaL};
    private static final long MOST = 1024;

    private MemoryProbes() {}

    /** Writes patterns to each entry and reads them. */
    static void access(Mmio mmio, TestedMemory memory, boolean thorough) {
        entries(memory, thorough).forEach(entry -> {
            long before = memory.read(mmio, entry);
            for (long pattern : PATTERNS) {
                memory.write(mmio, entry, pattern);
                Check.hex("%s[%d] after writing 0x%x".formatted(memory.path(), entry, pattern & memory.mask()), pattern & memory.mask(),
                        memory.read(mmio, entry));
            }
            memory.write(mmio, entry, before);
        });
    }

    /** Writes ~k to each entry k; before it goes on, the entry before must still hold its own, and gets k. At the end all are read. */
    static void walk(Mmio mmio, TestedMemory memory, boolean thorough) {
        long[] entries = entries(memory, thorough).toArray();
        for (int i = 0; i < entries.length; i++) {
            memory.write(mmio, entries[i], ~entries[i]);
            if (i > 0) {
                long last = entries[i - 1];
                Check.hex("%s[%d] after entry %d was written".formatted(memory.path(), last, entries[i]), ~last & memory.mask(),
                        memory.read(mmio, last));
                memory.write(mmio, last, last);
            }
        }
        long end = entries[entries.length - 1];
        Check.hex("%s[%d], the last".formatted(memory.path(), end), ~end & memory.mask(), memory.read(mmio, end));
        for (int i = 0; i + 1 < entries.length; i++) {
            Check.hex("%s[%d] at the end".formatted(memory.path(), entries[i]), entries[i] & memory.mask(), memory.read(mmio, entries[i]));
        }
    }

    /** All entries, or the first, the last and each at a power of two. */
    private static LongStream entries(TestedMemory memory, boolean thorough) {
        long count = memory.memory().entries();
        return thorough || count <= MOST
                ? LongStream.range(0, count)
                : LongStream.concat(LongStream.concat(LongStream.range(0, MOST / 2),
                        LongStream.iterate(MOST, at -> at < count - MOST / 2, at -> 2 * at)), LongStream.range(count - MOST / 2, count))
                        .distinct();
    }
}
