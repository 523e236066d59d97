package dev.openppu.model.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The memory's SECDED code over words of 64 bits: remembers which stored bits are wrong, corrects one of a word when the word is read, and notices two. A correction
 * is written back. Writing a whole word makes it right; writing part of one makes a single error right and leaves a double one.
 *
 * <p>Where nothing is wrong, which is nearly always, a look costs one load. Thread-safe; its users are the memory and everything that reads it.
 */
public final class ErrorCorrection {
    /** Bytes of a code word. */
    public static final int WORD = 8;

    private final SparseMemory memory;
    private final ConcurrentNavigableMap<Long, Long> wrong = new ConcurrentSkipListMap<>();
    private final ShownErrors shown;
    private volatile boolean any;
    private volatile boolean enabled = true;
    private volatile Findings findings = (word, corrected) -> {};

    /** Learns of errors that reads found. Called by any thread, which holds no lock of the code's: it may wait for the device. */
    public interface Findings {
        /**
         * @param word PA
         * @param corrected it was a single bit, and is right now
         */
        void found(long word, boolean corrected);
    }

    ErrorCorrection(SparseMemory memory) {
        this.memory = memory;
        this.shown = new ShownErrors(memory);
    }

    /** Where what is found goes to. */
    public void report(Findings to) {
        findings = to;
    }

    /** Without correction, reads give what is stored. */
    public synchronized void enable(boolean on) {
        shownWords().forEach(on ? this::reveal : this::conceal);
        enabled = on;
    }

    private Set<Long> shownWords() {
        return words(shown.first(), shown.bytes()).keySet();
    }

    public boolean enabled() {
        return enabled;
    }

    /** Whether anything may be wrong anywhere. */
    public boolean watching() {
        return any && enabled;
    }

    /** Turns stored bits over. */
    public synchronized void flip(long word, long bits) {
        long at = word & -WORD;
        conceal(at);
        memory.flip(at, bits);
        long mask = wrong.getOrDefault(at, 0L) ^ bits;
        if (mask == 0) {
            wrong.remove(at);
        } else {
            wrong.put(at, mask);
        }
        any = !wrong.isEmpty();
        if (enabled && shown.covers(at)) {
            reveal(at);
        }
    }

    /** Somebody reads and writes a range who does not come by here: from now on what he finds there is what a read gives. */
    synchronized void show(long first, long bytes) {
        shown.range(first, bytes);
        if (enabled) {
            shownWords().forEach(this::reveal);
        }
    }

    /** Nobody does any more. */
    synchronized void hide() {
        shownWords().forEach(this::conceal);
        shown.range(0, 0);
    }

    private void reveal(long word) {
        Long mask = wrong.get(word);
        if (mask != null && !shown.reveal(word, mask)) {
            forget(word);
        }
    }

    private void conceal(long word) {
        Long mask = wrong.get(word);
        if (mask != null && shown.has(word) && !shown.conceal(word)) {
            forget(word);
        }
    }

    /** It is right. */
    private void forget(long word) {
        wrong.remove(word);
        shown.forget(word);
        any = !wrong.isEmpty();
    }

    /**
     * A read of a range is about to happen.
     *
     * @return the first word that cannot be read, or -1 if all of them can
     */
    public long check(long address, long length) {
        if (!watching() || length <= 0) {
            return -1;
        }
        List<Finding> found = new ArrayList<>();
        long unreadable = decode(address, length, found);
        found.forEach(each -> findings.found(each.word, each.corrected));
        return unreadable;
    }

    private record Finding(long word, boolean corrected) {}

    private synchronized long decode(long address, long length, List<Finding> found) {
        for (Map.Entry<Long, Long> entry : words(address, length).entrySet()) {
            long word = entry.getKey();
            boolean single = Long.bitCount(entry.getValue()) == 1;
            if (shown.has(word) && shown.overwritten(word)) {
                forget(word);
                continue;
            }
            if (single) {
                repair(word, entry.getValue());
            }
            found.add(new Finding(word, single));
            if (!single) {
                return word;
            }
        }
        return -1;
    }

    /** Whether any word of a range is wrong; nothing is read. */
    public boolean wrongWithin(long address, long length) {
        return watching() && !words(address, length).isEmpty();
    }

    /** PA of the last wrong word below {@code address} and not below {@code lowest}, or -1. */
    public long wrongBelow(long address, long lowest) {
        Long word = wrong.lowerKey(address);
        return word == null || word < lowest ? -1 : word;
    }

    /** PA of the first wrong word from {@code address} on and below {@code end}, or {@code end}. */
    public long wrongFrom(long address, long end) {
        Long word = wrong.ceilingKey(address);
        return word == null || word >= end ? end : word;
    }

    /** A range is about to be written. */
    void overwritten(long address, long length) {
        if (any && length > 0) {
            heal(address, length);
        }
    }

    private synchronized void heal(long address, long length) {
        for (Map.Entry<Long, Long> entry : words(address, length).entrySet()) {
            long word = entry.getKey();
            if (word >= address && word + WORD <= address + length) {
                forget(word);
            } else if (Long.bitCount(entry.getValue()) == 1) {
                repair(word, entry.getValue());
            }
        }
        any = !wrong.isEmpty();
    }

    /** The memory has lost its contents. */
    synchronized void clear() {
        wrong.clear();
        shown.clear();
        any = false;
    }

    private void repair(long word, long mask) {
        if (!shown.has(word)) {
            memory.flip(word, mask);
        }
        forget(word);
    }

    private ConcurrentNavigableMap<Long, Long> words(long address, long length) {
        return wrong.subMap(address & -WORD, true, address + length, false);
    }
}
