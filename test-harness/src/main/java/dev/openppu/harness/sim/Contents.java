package dev.openppu.harness.sim;

import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** A buffer on the device, what has to be in it behind everything submitted so far, and the stream that has used it last. */
final class Contents {
    private final DeviceBuffer buffer;
    private final int[] words;
    private @Nullable Stream last;

    Contents(DeviceBuffer buffer, int[] words) {
        this.buffer = buffer;
        this.words = words;
    }

    DeviceBuffer buffer() {
        return buffer;
    }

    int[] words() {
        return words;
    }

    int length() {
        return words.length;
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
            rules.broken(Invariant.CONTENTS,
                    "%s: word %d of %d is 0x%08x and should be 0x%08x".formatted(what, word, wanted.length, is, wanted[word]));
        }
    }
}
