package dev.openppu.harness.sim.work;

import dev.openppu.driver.Context;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Stream;
import dev.openppu.harness.sim.check.Rules;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** Pinned memory in slots: each is a copy's until its stream has been waited for; what was copied there is looked at then. */
final class PinnedSlots {
    private static final int WORDS = 256;
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

    /** From a slot into a buffer. */
    void copyIn(Workbench bench, Step step, Stream stream) {
        Contents contents = bench.buffer(step);
        Part part = Part.of(contents.length(), WORDS, step, 2);
        int slot = claim(step.below(4, SLOTS));
        int[] numbers = BufferSteps.numbers(step, part.count());
        memory(slot, part.count()).copyFrom(MemorySegment.ofArray(numbers));
        bench.order(contents, stream, step);
        stream.copy(contents.buffer(), part.offset(), buffer, offset(slot), part.bytes());
        use(slot, stream, step.toString(), null);
        System.arraycopy(numbers, 0, contents.words(), part.from(), part.count());
    }

    /** Out of a buffer into a slot. */
    void copyOut(Workbench bench, Step step, Stream stream, Contents contents) {
        Part part = Part.of(contents.length(), WORDS, step, 2);
        int slot = claim(step.below(4, SLOTS));
        bench.order(contents, stream, step);
        stream.copy(buffer, offset(slot), contents.buffer(), part.offset(), part.bytes());
        use(slot, stream, step + " of " + contents.buffer(),
                Arrays.copyOfRange(contents.words(), part.from(), part.from() + part.count()));
    }

    /**
     * Has a stream write to a slot in some other way.
     *
     * @param work is given the slot's address and what is in it, and makes of that what is to be in it
     */
    void write(Step step, Stream stream, ObjLongConsumer<MemorySegment> work) {
        int slot = claim(step.below(4, SLOTS));
        int[] wanted = BufferSteps.numbers(step, WORDS);
        MemorySegment segment = MemorySegment.ofArray(wanted);
        memory(slot, WORDS).copyFrom(segment);
        work.accept(segment, buffer.address() + offset(slot));
        use(slot, stream, step.toString(), wanted);
    }

    /** A slot that nothing uses; waits for a use to end if there is none. */
    private int claim(int first) {
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

    private static long offset(int slot) {
        return (long) slot * WORDS * Integer.BYTES;
    }

    private MemorySegment memory(int slot, int words) {
        return buffer.segment().asSlice(offset(slot), (long) words * Integer.BYTES);
    }

    private void use(int slot, Stream stream, String what, int @Nullable [] wanted) {
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
