package dev.openppu.model.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Wrong words where somebody looks who does not ask the code: there a word with one wrong bit is as it was before, and one with more is all ones, as a read gives it. Whoever looks may also write, at
 * any time: what is not found as it was left is what he wrote, and is right. (Part of a word, too: that a word with several wrong bits stays wrong then cannot be known.)
 *
 * <p>Used under the code's lock.
 */
final class ShownErrors {
    private static final long UNREADABLE = -1;

    private final SparseMemory memory;
    private final Map<Long, Word> words = new HashMap<>();
    private long first;
    private long bytes;

    /** What is stored in truth, and what is to be seen. */
    private record Word(long stored, long seen) {}

    ShownErrors(SparseMemory memory) {
        this.memory = memory;
    }

    /** Where somebody looks. */
    void range(long from, long count) {
        first = from;
        bytes = count;
    }

    long first() {
        return first;
    }

    long bytes() {
        return bytes;
    }

    boolean covers(long word) {
        return word >= first && word < first + bytes;
    }

    boolean has(long word) {
        return words.containsKey(word);
    }

    /** @return {@code false} if it was written meanwhile */
    boolean reveal(long word, long wrongBits) {
        long stored = memory.load(word, Long.BYTES);
        Word shown = new Word(stored, Long.bitCount(wrongBits) == 1 ? stored ^ wrongBits : UNREADABLE);
        words.put(word, shown);
        return memory.replace(word, stored, shown.seen);
    }

    /** Of a word that {@linkplain #has is here}: it is as it is stored. @return {@code false} if it was written */
    boolean conceal(long word) {
        Word shown = Objects.requireNonNull(words.remove(word));
        return memory.replace(word, shown.seen, shown.stored);
    }

    /** Of a word that {@linkplain #has is here}. */
    boolean overwritten(long word) {
        return memory.load(word, Long.BYTES) != Objects.requireNonNull(words.get(word)).seen;
    }

    void forget(long word) {
        words.remove(word);
    }

    void clear() {
        words.clear();
    }
}
