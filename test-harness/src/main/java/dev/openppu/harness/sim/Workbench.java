package dev.openppu.harness.sim;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Pitched;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * One context and what a tenant has in it: streams, buffers and what must be in them. Each step goes to one stream; where a buffer goes from one stream to another, the second is held
 * behind the first, so that what has to be in it is known.
 */
final class Workbench {
    private static final int MOST_STREAMS = 5;
    private static final int MOST_BUFFERS = 5;
    private static final int USUAL_WORDS = 400;
    private static final int LARGE_WORDS = 9_000;
    private static final int MOST_TURNS = 12;
    private static final int LARGEST_BATCH = 40;
    private static final long FLAGS = 512;

    private final Context context;
    private final Promises promises;
    private final Rules rules;
    private final PpuModule module;
    private final PinnedSlots pinned;
    private final DeviceBuffer flags;
    private final List<Stream> streams = new ArrayList<>();
    private final Map<Stream, Promises.Turn> turns = new IdentityHashMap<>();
    private final List<Contents> buffers = new ArrayList<>();
    private int flagged;

    Workbench(Ppu ppu, Step step, Promises promises, Rules rules) {
        this.promises = promises;
        this.rules = rules;
        context = ppu.createContext();
        try {
            module = context.loadModule(StepKernel.CODE);
            pinned = new PinnedSlots(context, rules);
            flags = context.allocate(FLAGS * Long.BYTES);
            context.fill8(flags, 0, (byte) 0, FLAGS * Long.BYTES);
            context.synchronize();
            newStream(step);
            newBuffer(step);
        } catch (RuntimeException | Error e) {
            context.close();
            throw e;
        }
    }

    /** Ends the context, with whatever is under way in it. */
    void close() {
        context.close();
    }

    @Override
    public String toString() {
        return context.toString();
    }

    void perform(Step step) {
        switch (step.kind()) {
            case COPY_IN -> copyIn(step);
            case COPY_IN_PINNED -> copyInPinned(step);
            case COPY_OUT -> copyOut(step);
            case COPY_OUT_PINNED -> copyOutPinned(step);
            case COPY_WITHIN -> copyWithin(step);
            case FILL -> fill(stream(step), buffer(step), step, 2);
            case FILL_RECTANGLE -> fillRectangle(step);
            case KERNEL -> kernel(step);
            case HAND_OVER -> order(buffer(step), stream(step), step);
            case WAIT_VALUE -> waitValue(step);
            case HOST_FUNCTION -> hostFunction(step);
            case FUTURE -> promises.expect(step + " in " + this, stream(step).done());
            case SYNCHRONIZE -> synchronize(stream(step));
            case QUERY -> {
                Stream asked = stream(step);
                if (asked.idle()) {
                    pinned.reached(asked);
                }
            }
            case BATCH -> batch(step);
            case POOL -> pool(step);
            case NEW_BUFFER -> newBuffer(step);
            case CLOSE_BUFFER -> closeBuffer(step);
            case NEW_STREAM -> newStream(step);
            case CLOSE_STREAM -> closeStream(step);
            case NEW_CONTEXT, THINK -> throw new IllegalArgumentException(step + " is the tenant's");
        }
    }

    /** Everything that is in the buffers, and in pinned memory, is looked at. */
    void verify() {
        for (Contents contents : buffers) {
            Stream stream = contents.last() == null ? streams.getFirst() : contents.last();
            MemorySegment back = MemorySegment.ofArray(new int[contents.length()]);
            stream.copyToHost(back, contents.buffer(), 0);
            Contents.compare(rules, "the last look at " + contents.buffer(), contents.words(), back);
        }
        List.copyOf(streams).forEach(this::synchronize);
    }

    // ---------------------------------------------------------------- what a step means

    private Stream stream(Step step) {
        return streams.get(step.below(0, streams.size()));
    }

    private Contents buffer(Step step) {
        return buffers.get(step.below(1, buffers.size()));
    }

    private void order(Contents contents, Stream stream, Step step) {
        Stream before = contents.last();
        if (before != null && before != stream) {
            if (step.below(7, 4) == 0) {
                synchronize(before);
            } else {
                Event event = context.createEvent();
                before.record(event);
                stream.waitFor(event);
                if (step.below(8, 2) == 0) {
                    event.close();
                }
            }
        }
        contents.usedBy(stream);
    }

    private void synchronize(Stream stream) {
        stream.synchronize();
        pinned.reached(stream);
        Promises.Turn turn = turns.get(stream);
        if (turn != null) {
            promises.requireTaken(turn, stream.toString());
        }
    }

    /** A part of something: from where, and how much of it; at least one. */
    private record Part(int from, int count) {
        static Part of(int length, int most, Step step, int which) {
            int from = step.below(which, length);
            return new Part(from, 1 + step.below(which + 1, Math.min(most, length - from)));
        }

        long offset() {
            return (long) from * Integer.BYTES;
        }

        long bytes() {
            return (long) count * Integer.BYTES;
        }
    }

    private static int[] numbers(Step step, int count) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> step.below(100 + i, Integer.MAX_VALUE) * 2 + i);
        return numbers;
    }

    private void copyIn(Step step) {
        Contents contents = buffer(step);
        Stream stream = stream(step);
        Part part = Part.of(contents.length(), contents.length(), step, 2);
        int[] numbers = numbers(step, part.count);
        order(contents, stream, step);
        stream.copyToDevice(contents.buffer(), part.offset(), MemorySegment.ofArray(numbers));
        System.arraycopy(numbers, 0, contents.words(), part.from, part.count);
    }

    private void copyInPinned(Step step) {
        Contents contents = buffer(step);
        Stream stream = stream(step);
        Part part = Part.of(contents.length(), PinnedSlots.WORDS, step, 2);
        int slot = pinned.claim(step.below(4, 8));
        int[] numbers = numbers(step, part.count);
        pinned.memory(slot, part.count).copyFrom(MemorySegment.ofArray(numbers));
        order(contents, stream, step);
        stream.copy(contents.buffer(), part.offset(), pinned.buffer(), PinnedSlots.offset(slot), part.bytes());
        pinned.use(slot, stream, step.toString(), null);
        System.arraycopy(numbers, 0, contents.words(), part.from, part.count);
    }

    private void copyOut(Step step) {
        Contents contents = buffer(step);
        Stream stream = stream(step);
        Part part = Part.of(contents.length(), contents.length(), step, 2);
        order(contents, stream, step);
        MemorySegment back = MemorySegment.ofArray(new int[part.count]);
        stream.copyToHost(back, contents.buffer(), part.offset());
        Contents.compare(rules, step + " of " + contents.buffer(), Arrays.copyOfRange(contents.words(), part.from, part.from + part.count),
                back);
    }

    private void copyOutPinned(Step step) {
        Contents contents = buffer(step);
        Stream stream = stream(step);
        Part part = Part.of(contents.length(), PinnedSlots.WORDS, step, 2);
        int slot = pinned.claim(step.below(4, 8));
        order(contents, stream, step);
        stream.copy(pinned.buffer(), PinnedSlots.offset(slot), contents.buffer(), part.offset(), part.bytes());
        pinned.use(slot, stream, step + " of " + contents.buffer(),
                Arrays.copyOfRange(contents.words(), part.from, part.from + part.count));
    }

    private void copyWithin(Step step) {
        Contents from = buffer(step);
        Contents to = buffers.get(step.below(5, buffers.size()));
        if (from == to) {
            return;
        }
        Stream stream = stream(step);
        Part part = Part.of(Math.min(from.length(), to.length()), LARGE_WORDS, step, 2);
        order(from, stream, step);
        order(to, stream, step);
        stream.copy(to.buffer(), part.offset(), from.buffer(), part.offset(), part.bytes());
        System.arraycopy(from.words(), part.from, to.words(), part.from, part.count);
    }

    private void fill(Stream stream, Contents contents, Step step, int which) {
        Part part = Part.of(contents.length(), contents.length(), step, which);
        int value = step.below(which + 2, Integer.MAX_VALUE);
        order(contents, stream, step);
        stream.fill32(contents.buffer(), part.offset(), value, part.count);
        Arrays.fill(contents.words(), part.from, part.from + part.count, value);
    }

    private void fillRectangle(Step step) {
        Contents contents = buffer(step);
        Stream stream = stream(step);
        int pitch = 1 + step.below(2, Math.min(64, contents.length()));
        int width = 1 + step.below(3, pitch);
        int height = 1 + step.below(4, contents.length() / pitch);
        int from = step.below(5, contents.length() - ((height - 1) * pitch + width) + 1);
        int value = step.below(6, Integer.MAX_VALUE);
        order(contents, stream, step);
        stream.fill2D32(new Pitched(contents.buffer(), (long) from * Integer.BYTES, (long) pitch * Integer.BYTES), value, width, height);
        for (int row = 0; row < height; row++) {
            Arrays.fill(contents.words(), from + row * pitch, from + row * pitch + width, value);
        }
    }

    private void kernel(Step step) {
        Contents contents = buffer(step);
        Stream stream = stream(step);
        int count = Part.of(contents.length(), contents.length(), step, 2).count;
        int rounds = 1 + step.below(4, MOST_TURNS);
        order(contents, stream, step);
        stream.launch(module.kernel(StepKernel.NAME), Launch.linear(count, 32 << step.below(5, 4)), contents.buffer(), count, rounds);
        for (int i = 0; i < count; i++) {
            contents.words()[i] = StepKernel.of(contents.words()[i], rounds);
        }
    }

    /** One stream writes a value behind its work, another waits for it. Each value has a place of its own: of two streams that write to one the slower would win. */
    private void waitValue(Step step) {
        Stream from = stream(step);
        Stream to = streams.get(step.below(2, streams.size()));
        long place = flagged++ % FLAGS * Long.BYTES;
        from.writeValue64(flags, place, step.number() + 1L);
        to.waitValue64(flags, place, Compare.GREATER_OR_EQUAL, step.number() + 1L);
        for (Contents contents : buffers) {
            if (contents.last() == from) {
                contents.usedBy(to);
            }
        }
    }

    private void hostFunction(Step step) {
        Stream stream = stream(step);
        String what = "the host function of " + step + " in " + this;
        Promises.Turn turn = turns.computeIfAbsent(stream, any -> new Promises.Turn());
        promises.expect(what, stream.launchHostFunction(promises.function(what, turn)));
    }

    private void batch(Step step) {
        Stream stream = stream(step);
        Contents contents = buffer(step);
        order(contents, stream, step);
        try (Stream.Batch _ = stream.batch()) {
            for (int i = 1 + step.below(2, LARGEST_BATCH); i > 0; i--) {
                fill(stream, contents, step, 10 + 4 * i);
            }
        }
    }

    private void pool(Step step) {
        Contents contents = buffer(step);
        Stream stream = stream(step);
        order(contents, stream, step);
        long bytes = (long) contents.length() * Integer.BYTES;
        PooledBuffer pooled = stream.allocateAsync(bytes);
        stream.copy(pooled, 0, contents.buffer(), 0, bytes);
        if (step.below(2, 2) == 0) {
            MemorySegment back = MemorySegment.ofArray(new int[contents.length()]);
            stream.copyToHost(back, pooled, 0);
            Contents.compare(rules, step + " through " + pooled, contents.words(), back);
        }
        stream.freeAsync(pooled);
    }

    private void newBuffer(Step step) {
        if (buffers.size() == MOST_BUFFERS) {
            return;
        }
        int length = 1 + step.below(11, step.below(12, 20) == 0 ? LARGE_WORDS : USUAL_WORDS);
        Contents contents = new Contents(context.allocate((long) length * Integer.BYTES), new int[length]);
        Stream stream = stream(step);
        stream.fill32(contents.buffer(), 0, step.number(), length);
        Arrays.fill(contents.words(), step.number());
        contents.usedBy(stream);
        buffers.add(contents);
    }

    private void closeBuffer(Step step) {
        if (buffers.size() > 1) {
            Contents contents = buffer(step);
            buffers.remove(contents);
            contents.buffer().close();
        }
    }

    private void newStream(Step step) {
        if (streams.size() < MOST_STREAMS) {
            streams.add(
                    context.createStream(StreamOptions.defaults().withPriority(-step.below(13, 4)).withLog2Packets(2 + step.below(14, 5))));
        }
    }

    private void closeStream(Step step) {
        if (streams.size() == 1) {
            return;
        }
        Stream stream = stream(step);
        synchronize(stream);
        streams.remove(stream);
        turns.remove(stream);
        for (Contents contents : buffers) {
            if (contents.last() == stream) {
                contents.usedBy(null);
            }
        }
        stream.close();
    }
}
