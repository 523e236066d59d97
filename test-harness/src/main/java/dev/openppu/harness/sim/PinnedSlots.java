package dev.openppu.harness.sim;

import dev.openppu.driver.Context;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Pinned memory in slots: each is a copy's until its stream has been waited for; what was copied there is looked at then. */
final class PinnedSlots {
    static final int WORDS = 256;
    private static final int SLOTS = 8;

    private final Rules rules;
    private final PinnedBuffer buffer;
    private final @Nullable Use[] uses = new Use[SLOTS];

    /**
     * @param wanted what has to be there when {@code stream} gets there; null if the device only reads it
     */
    private record Use(Stream stream, String what, int @Nullable [] wanted) {}

    PinnedSlots(Context context, Rules rules) {
        this.rules = rules;
        buffer = context.allocatePinned((long) SLOTS * WORDS * Integer.BYTES);
    }

    PinnedBuffer buffer() {
        return buffer;
    }

    /** A slot that nothing uses; waits for a use to end if there is none. */
    int claim(int first) {
        for (int i = 0; i < SLOTS; i++) {
            int slot = (first + i) % SLOTS;
            if (uses[slot] == null) {
                return slot;
            }
        }
        Use oldest = uses[first];
        if (oldest != null) {
            oldest.stream.synchronize();
            reached(oldest.stream);
        }
        return first;
    }

    static long offset(int slot) {
        return (long) slot * WORDS * Integer.BYTES;
    }

    MemorySegment memory(int slot, int words) {
        return buffer.segment().asSlice(offset(slot), (long) words * Integer.BYTES);
    }

    void use(int slot, Stream stream, String what, int @Nullable [] wanted) {
        uses[slot] = new Use(stream, what, wanted);
    }

    /** Everything submitted to the stream so far has completed. */
    void reached(Stream stream) {
        for (int slot = 0; slot < SLOTS; slot++) {
            Use use = uses[slot];
            if (use != null && use.stream == stream) {
                uses[slot] = null;
                if (use.wanted != null) {
                    Contents.compare(rules, use.what, use.wanted, memory(slot, use.wanted.length));
                }
            }
        }
    }
}
