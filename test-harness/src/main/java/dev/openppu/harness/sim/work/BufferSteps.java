package dev.openppu.harness.sim.work;

import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Copies, fills and kernels of whole words in the usual buffers. */
final class BufferSteps {
    private static final int LARGE_WORDS = 9_000;
    private static final int MOST_TURNS = 12;
    private static final int LARGEST_BATCH = 40;
    /** Turns of the kernel. */
    private static final int LEAST_DELAY = 100;
    private static final int MOST_DELAY = 1000;

    private final Workbench bench;
    private final PpuModule module;
    private final PinnedSlots pinned;
    private @Nullable DeviceBuffer scratch;

    /** @param module has the kernel */
    BufferSteps(Workbench bench, PpuModule module, PinnedSlots pinned) {
        this.bench = bench;
        this.module = module;
        this.pinned = pinned;
    }

    /** This context's code, with the {@link StepKernel}. */
    PpuModule module() {
        return module;
    }

    void perform(Step step) {
        Stream stream = bench.stream(step);
        switch (step.kind()) {
            case COPY_IN -> copyIn(step, stream);
            case COPY_IN_PINNED -> pinned.copyIn(bench, step, stream);
            case COPY_OUT -> copyOut(step, stream);
            case COPY_OUT_PINNED -> pinned.copyOut(bench, step, stream, bench.buffer(step));
            case COPY_WITHIN -> copyWithin(step, stream);
            case FILL -> fill(step, stream, 2);
            case KERNEL -> kernel(step, stream, module);
            case BATCH -> batch(step, stream);
            default -> throw new IllegalArgumentException(step + " is not about the usual buffers");
        }
    }

    /** Something in this stream, by the step's dice. */
    void work(Step step, Stream stream) {
        switch (step.below(20, 8)) {
            case 0 -> copyIn(step, stream);
            case 1 -> pinned.copyIn(bench, step, stream);
            case 2 -> copyOut(step, stream);
            case 3 -> pinned.copyOut(bench, step, stream, bench.buffer(step));
            case 4 -> copyWithin(step, stream);
            case 5 -> fill(step, stream, 2);
            case 6 -> kernel(step, stream, module);
            default -> bench.hostFunction(step, stream);
        }
    }

    /** Some, by the step's dice. */
    static int[] numbers(Step step, int count) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> step.below(100 + i, Integer.MAX_VALUE) * 2 + i);
        return numbers;
    }

    private void copyIn(Step step, Stream stream) {
        Contents contents = bench.buffer(step);
        Part part = Part.of(contents.length(), contents.length(), step, 2);
        int[] numbers = numbers(step, part.count());
        bench.order(contents, stream, step);
        stream.copyToDevice(contents.buffer(), part.offset(), MemorySegment.ofArray(numbers));
        System.arraycopy(numbers, 0, contents.words(), part.from(), part.count());
    }

    private void copyOut(Step step, Stream stream) {
        Contents contents = bench.buffer(step);
        Part part = Part.of(contents.length(), contents.length(), step, 2);
        bench.order(contents, stream, step);
        MemorySegment back = MemorySegment.ofArray(new int[part.count()]);
        stream.copyToHost(back, contents.buffer(), part.offset());
        Contents.compare(bench.rules(), step + " of " + contents.buffer(),
                Arrays.copyOfRange(contents.words(), part.from(), part.from() + part.count()),
                back);
    }

    private void copyWithin(Step step, Stream stream) {
        Contents from = bench.buffer(step);
        Contents to = bench.otherBuffer(step);
        if (from == to) {
            return;
        }
        Part part = Part.of(Math.min(from.length(), to.length()), LARGE_WORDS, step, 2);
        bench.order(from, stream, step);
        bench.order(to, stream, step);
        stream.copy(to.buffer(), part.offset(), from.buffer(), part.offset(), part.bytes());
        System.arraycopy(from.words(), part.from(), to.words(), part.from(), part.count());
    }

    private void fill(Step step, Stream stream, int which) {
        Contents contents = bench.buffer(step);
        Part part = Part.of(contents.length(), contents.length(), step, which);
        int value = step.below(which + 2, Integer.MAX_VALUE);
        bench.order(contents, stream, step);
        stream.fill32(contents.buffer(), part.offset(), value, part.count());
        Arrays.fill(contents.words(), part.from(), part.from() + part.count(), value);
    }

    /** @param code this context's, with the kernel */
    void kernel(Step step, Stream stream, PpuModule code) {
        Contents contents = bench.buffer(step);
        int count = Part.of(contents.length(), contents.length(), step, 2).count();
        int rounds = 1 + step.below(4, MOST_TURNS);
        bench.order(contents, stream, step);
        stream.launch(code.kernel(StepKernel.NAME), Launch.linear(count, 32 << step.below(5, 4)), contents.buffer(), count, rounds);
        for (int i = 0; i < count; i++) {
            contents.words()[i] = StepKernel.of(contents.words()[i], rounds);
        }
    }

    /** A thread that counts for long, so that what the stream has to do next is not done soon. */
    void delay(Step step, Stream stream) {
        DeviceBuffer present = scratch;
        if (present == null) {
            present = bench.context().allocate(Integer.BYTES);
            scratch = present;
        }
        stream.launch(module.kernel(StepKernel.NAME), Launch.linear(1, 1), present, 1,
                LEAST_DELAY + step.below(40, MOST_DELAY - LEAST_DELAY));
    }

    private void batch(Step step, Stream stream) {
        Contents contents = bench.buffer(step);
        bench.order(contents, stream, step);
        try (Stream.Batch _ = stream.batch()) {
            for (int i = 1 + step.below(2, LARGEST_BATCH); i > 0; i--) {
                fill(step, stream, 10 + 4 * i);
            }
        }
    }
}
