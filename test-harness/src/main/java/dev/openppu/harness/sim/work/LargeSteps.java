package dev.openppu.harness.sim.work;

import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies and fills of buffers for which the driver needs several chunks (128 KiB) and pieces (64 KiB) of staging memory, and a copy engine several bursts (128 KiB). They begin and end at any byte.
 * The buffers are there from the first such step on: most contexts do not pay for them.
 */
final class LargeSteps {
    private static final int BUFFERS = 2;
    private static final int LEAST_WORDS = 34_000;
    private static final int MOST_WORDS = 80_000;
    private static final int LEAST_BYTES = 130 << 10;

    private final Workbench bench;
    private final List<Contents> buffers = new ArrayList<>(BUFFERS);

    LargeSteps(Workbench bench) {
        this.bench = bench;
    }

    /** What there is so far. */
    List<Contents> buffers() {
        return buffers;
    }

    void perform(Step step) {
        Stream stream = bench.stream(step);
        Contents contents = buffer(step, step.below(1, BUFFERS));
        switch (step.kind()) {
            case LARGE_IN -> in(step, stream, contents);
            case LARGE_OUT -> out(step, stream, contents);
            case LARGE_WITHIN -> within(step, stream, contents, buffer(step, 1 - buffers.indexOf(contents)));
            case LARGE_FILL -> fill(step, stream, contents);
            default -> throw new IllegalArgumentException(step + " is not about large buffers");
        }
    }

    private Contents buffer(Step step, int index) {
        while (buffers.size() <= index) {
            int words = LEAST_WORDS + step.below(20 + buffers.size(), MOST_WORDS - LEAST_WORDS);
            Contents contents = new Contents(bench.context().allocate((long) words * Integer.BYTES), new int[words]);
            Stream stream = bench.stream(step);
            stream.fill8(contents.buffer(), 0, (byte) 0, contents.bytes());
            contents.usedBy(stream);
            buffers.add(contents);
        }
        return buffers.get(index);
    }

    /** Bytes of something, by the step's dice: at least as many as need a second chunk. */
    private record Part(long offset, long bytes) {
        static Part of(Step step, long all) {
            int bytes = LEAST_BYTES + step.below(2, (int) all - LEAST_BYTES + 1);
            return new Part(step.below(3, (int) all - bytes + 1), bytes);
        }

        MemorySegment in(Contents contents) {
            return contents.memory().asSlice(offset, bytes);
        }
    }

    private void in(Step step, Stream stream, Contents contents) {
        Part part = Part.of(step, contents.bytes());
        MemorySegment source = MemorySegment.ofArray(numbers(step, (int) (part.bytes / Integer.BYTES) + 1)).asSlice(1, part.bytes);
        bench.order(contents, stream, step);
        stream.copyToDevice(contents.buffer(), part.offset, source);
        part.in(contents).copyFrom(source);
    }

    /** No two words are the same, so that none can stand for another. */
    private static int[] numbers(Step step, int count) {
        int[] numbers = new int[count];
        int number = step.below(100, Integer.MAX_VALUE);
        for (int i = 0; i < count; i++) {
            numbers[i] = number += 0x9E37_79B9;
        }
        return numbers;
    }

    private void out(Step step, Stream stream, Contents contents) {
        Part part = Part.of(step, contents.bytes());
        MemorySegment back = MemorySegment.ofArray(new byte[(int) part.bytes]);
        bench.order(contents, stream, step);
        stream.copyToHost(back, contents.buffer(), part.offset);
        Contents.compareBytes(bench.rules(), step + " of " + contents.buffer(), part.in(contents), back);
    }

    private void within(Step step, Stream stream, Contents from, Contents to) {
        Part part = Part.of(step, Math.min(from.bytes(), to.bytes()));
        bench.order(from, stream, step);
        bench.order(to, stream, step);
        stream.copy(to.buffer(), part.offset, from.buffer(), part.offset, part.bytes);
        part.in(to).copyFrom(part.in(from));
    }

    private void fill(Step step, Stream stream, Contents contents) {
        Part part = Part.of(step, contents.bytes());
        byte value = (byte) step.below(4, 256);
        bench.order(contents, stream, step);
        stream.fill8(contents.buffer(), part.offset, value, part.bytes);
        part.in(contents).fill(value);
    }
}
