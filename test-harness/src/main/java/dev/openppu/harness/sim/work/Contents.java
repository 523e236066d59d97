package dev.openppu.harness.sim.work;

import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.DeviceMemory;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Stream;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Rules;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** A buffer on the device, what has to be in it behind everything submitted so far, and the stream that has used it last. */
final class Contents {
    private final DeviceMemory buffer;
    private final int[] words;
    private final MemorySegment memory;
    private @Nullable Stream last;

    Contents(DeviceMemory buffer, int[] words) {
        this.buffer = buffer;
        this.words = words;
        this.memory = MemorySegment.ofArray(words);
    }

    DeviceMemory buffer() {
        return buffer;
    }

    /** Closes the buffer; one of a pool is freed behind all work of its context. */
    void close() {
        switch (buffer) {
            case DeviceBuffer own -> own.close();
            case PooledBuffer pooled -> pooled.close();
            default -> throw new IllegalStateException(buffer + " is not closed by who uses it");
        }
    }

    int[] words() {
        return words;
    }

    /** The same, in bytes. */
    MemorySegment memory() {
        return memory;
    }

    int length() {
        return words.length;
    }

    long bytes() {
        return memory.byteSize();
    }

    /** The stream that the next use has to come behind, null if there is none. */
    @Nullable
    Stream last() {
        return last;
    }

    void usedBy(@Nullable Stream stream) {
        last = stream;
    }

    /** Holds what came back against what has to be there. */
    static void compare(Rules rules, String what, int[] wanted, MemorySegment found) {
        long mismatch = MemorySegment.ofArray(wanted).mismatch(found);
        if (mismatch >= 0) {
            int word = (int) (mismatch / Integer.BYTES);
            int is = found.get(ValueLayout.JAVA_INT_UNALIGNED, (long) word * Integer.BYTES);
            rules.broken(Invariant.CONTENTS, "%s: word %d of %d is 0x%08x".formatted(what, word, wanted.length, is),
                    "0x%08x".formatted(wanted[word]));
        }
    }

    /** The same for what is not made of words. */
    static void compareBytes(Rules rules, String what, MemorySegment wanted, MemorySegment found) {
        long mismatch = wanted.mismatch(found);
        if (mismatch >= 0) {
            rules.broken(Invariant.CONTENTS, "%s: byte %d of %d is 0x%02x".formatted(what, mismatch, wanted.byteSize(),
                    found.get(ValueLayout.JAVA_BYTE, mismatch)), "0x%02x".formatted(wanted.get(ValueLayout.JAVA_BYTE, mismatch)));
        }
    }
}
