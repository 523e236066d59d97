package dev.openppu.harness.sim;

import static java.util.stream.Stream.concat;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.PrimaryContext;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    private final Runnable ending;
    private final LargeSteps large;
    private final RectangleSteps rectangles;
    private final DefaultSteps defaults;
    private final MemorySteps memory;
    private @Nullable ValueSteps values;
    private int flagged;

    /** In a context of its own; in the device's primary one if that is the step. */
    Workbench(Ppu ppu, Step step, Promises promises, Rules rules) {
        this.promises = promises;
        this.rules = rules;
        if (step.kind() == Step.Kind.PRIMARY_CONTEXT) {
            PrimaryContext.Retention held = ppu.primaryContext().hold();
            context = held.context();
            ending = held::close;
        } else {
            context = ppu.createContext();
            ending = context::close;
        }
        large = new LargeSteps(this);
        rectangles = new RectangleSteps(this);
        defaults = new DefaultSteps(this);
        memory = new MemorySteps(this);
        try {
            module = context.loadModule(StepKernel.CODE);
            pinned = new PinnedSlots(context, rules);
            flags = context.allocate(FLAGS * Long.BYTES);
            context.fill8(flags, 0, (byte) 0, FLAGS * Long.BYTES);
            context.synchronize();
            newStream(step);
            newBuffer(step);
        } catch (RuntimeException | Error e) {
            ending.run();
            throw e;
        }
    }

    /** Ends the context, with whatever is under way in it; the primary one only when nobody else is in it. */
    void close() {
        ending.run();
    }

    @Override
    public String toString() {
        return context.toString();
    }

    void perform(Step step) {
        switch (step.kind()) {
            case COPY_IN -> copyIn(step, stream(step));
            case COPY_IN_PINNED -> copyInPinned(step, stream(step));
            case COPY_OUT -> copyOut(step, stream(step));
            case COPY_OUT_PINNED -> copyOutPinned(step, stream(step));
            case COPY_WITHIN -> copyWithin(step, stream(step));
            case FILL -> fill(stream(step), buffer(step), step, 2);
            case KERNEL -> kernel(step, stream(step));
            case HAND_OVER -> handOver(buffer(step), stream(step), step);
            case WAIT_VALUE -> waitValue(step);
            case HOST_FUNCTION -> hostFunction(step, stream(step));
            case FUTURE -> promises.expect(step + " in " + this, stream(step).done());
            case SYNCHRONIZE -> synchronize(stream(step));
            case QUERY -> {
                Stream asked = stream(step);
                if (asked.idle()) {
                    pinned.reached(asked);
                }
            }
            case BATCH -> batch(step);
            case NEW_BUFFER -> newBuffer(step);
            case CLOSE_BUFFER -> closeBuffer(step);
            case NEW_STREAM -> newStream(step);
            case CLOSE_STREAM -> closeStream(step);
            case LARGE_IN, LARGE_OUT, LARGE_WITHIN, LARGE_FILL -> large.perform(step);
            case FILL_RECTANGLE, FILL_NARROW, FILL_RECTANGLE_NARROW, COPY_RECTANGLE, RECTANGLE_IN, RECTANGLE_OUT, PITCHED ->
                rectangles.perform(step);
            case LEGACY, PER_THREAD -> defaults.perform(step);
            case NON_BLOCKING -> nonBlocking(step);
            case TIMES, VALUES_32 -> values(step).perform(step);
            case POOL, REGISTER, OWN_POOL, USE_CLOSED -> memory.perform(step);
            case NEW_CONTEXT, PRIMARY_CONTEXT, THINK -> throw new IllegalArgumentException(step + " is the tenant's");
        }
    }

    /** Everything that is in the buffers, and in pinned memory, is looked at. */
    void verify() {
        for (Contents contents : allBuffers()) {
            Stream stream = contents.last() == null ? streams.getFirst() : contents.last();
            MemorySegment back = MemorySegment.ofArray(new int[contents.length()]);
            stream.copyToHost(back, contents.buffer(), 0);
            Contents.compare(rules, "the last look at " + contents.buffer(), contents.words(), back);
        }
        List.copyOf(streams).forEach(this::synchronize);
        defaults.used().forEach(this::synchronize);
    }

    private List<Contents> allBuffers() {
        return large.buffers().isEmpty() ? buffers : concat(buffers.stream(), large.buffers().stream()).toList();
    }

    Context context() {
        return context;
    }

    Rules rules() {
        return rules;
    }

    // ---------------------------------------------------------------- what a step means

    Stream stream(Step step) {
        return streams.get(step.below(0, streams.size()));
    }

    Stream otherStream(Step step) {
        return streams.get(step.below(2, streams.size()));
    }

    Contents buffer(Step step) {
        return buffers.get(step.below(1, buffers.size()));
    }

    Contents otherBuffer(Step step) {
        return buffers.get(step.below(5, buffers.size()));
    }

    /** The steps that are about values, whose memory is there from the first of them on. */
    private ValueSteps values(Step step) {
        ValueSteps present = values;
        if (present == null) {
            present = new ValueSteps(this, stream(step));
            values = present;
        }
        return present;
    }

    /** Holds a stream behind the last use of a buffer, where the driver does not do so by itself. */
    void order(Contents contents, Stream stream, Step step) {
        Stream before = contents.last();
        if (before != null && before != stream && !DefaultSteps.ordered(before, stream)) {
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

    /** Where the driver keeps the order by itself it does so with the next work; there is nothing to do before. */
    private void handOver(Contents contents, Stream stream, Step step) {
        if (contents.last() == null || !DefaultSteps.ordered(contents.last(), stream)) {
            order(contents, stream, step);
        }
    }

    void synchronize(Stream stream) {
        stream.synchronize();
        pinned.reached(stream);
        Promises.Turn turn = turns.get(stream);
        if (turn != null) {
            promises.requireTaken(turn, stream.toString());
        }
    }

    private static int[] numbers(Step step, int count) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> step.below(100 + i, Integer.MAX_VALUE) * 2 + i);
        return numbers;
    }

    /** Something in this stream, by the step's dice. */
    void work(Step step, Stream stream) {
        switch (step.below(20, 8)) {
            case 0 -> copyIn(step, stream);
            case 1 -> copyInPinned(step, stream);
            case 2 -> copyOut(step, stream);
            case 3 -> copyOutPinned(step, stream);
            case 4 -> copyWithin(step, stream);
            case 5 -> fill(stream, buffer(step), step, 2);
            case 6 -> kernel(step, stream);
            default -> hostFunction(step, stream);
        }
    }

    private void copyIn(Step step, Stream stream) {
        Contents contents = buffer(step);
        Part part = Part.of(contents.length(), contents.length(), step, 2);
        int[] numbers = numbers(step, part.count());
        order(contents, stream, step);
        stream.copyToDevice(contents.buffer(), part.offset(), MemorySegment.ofArray(numbers));
        System.arraycopy(numbers, 0, contents.words(), part.from(), part.count());
    }

    private void copyInPinned(Step step, Stream stream) {
        Contents contents = buffer(step);
        Part part = Part.of(contents.length(), PinnedSlots.WORDS, step, 2);
        int slot = pinned.claim(step.below(4, 8));
        int[] numbers = numbers(step, part.count());
        pinned.memory(slot, part.count()).copyFrom(MemorySegment.ofArray(numbers));
        order(contents, stream, step);
        stream.copy(contents.buffer(), part.offset(), pinned.buffer(), PinnedSlots.offset(slot), part.bytes());
        pinned.use(slot, stream, step.toString(), null);
        System.arraycopy(numbers, 0, contents.words(), part.from(), part.count());
    }

    private void copyOut(Step step, Stream stream) {
        Contents contents = buffer(step);
        Part part = Part.of(contents.length(), contents.length(), step, 2);
        order(contents, stream, step);
        MemorySegment back = MemorySegment.ofArray(new int[part.count()]);
        stream.copyToHost(back, contents.buffer(), part.offset());
        Contents.compare(rules, step + " of " + contents.buffer(),
                Arrays.copyOfRange(contents.words(), part.from(), part.from() + part.count()),
                back);
    }

    private void copyOutPinned(Step step, Stream stream) {
        Contents contents = buffer(step);
        Part part = Part.of(contents.length(), PinnedSlots.WORDS, step, 2);
        int slot = pinned.claim(step.below(4, 8));
        order(contents, stream, step);
        stream.copy(pinned.buffer(), PinnedSlots.offset(slot), contents.buffer(), part.offset(), part.bytes());
        pinned.use(slot, stream, step + " of " + contents.buffer(),
                Arrays.copyOfRange(contents.words(), part.from(), part.from() + part.count()));
    }

    private void copyWithin(Step step, Stream stream) {
        Contents from = buffer(step);
        Contents to = otherBuffer(step);
        if (from == to) {
            return;
        }
        Part part = Part.of(Math.min(from.length(), to.length()), LARGE_WORDS, step, 2);
        order(from, stream, step);
        order(to, stream, step);
        stream.copy(to.buffer(), part.offset(), from.buffer(), part.offset(), part.bytes());
        System.arraycopy(from.words(), part.from(), to.words(), part.from(), part.count());
    }

    private void fill(Stream stream, Contents contents, Step step, int which) {
        Part part = Part.of(contents.length(), contents.length(), step, which);
        int value = step.below(which + 2, Integer.MAX_VALUE);
        order(contents, stream, step);
        stream.fill32(contents.buffer(), part.offset(), value, part.count());
        Arrays.fill(contents.words(), part.from(), part.from() + part.count(), value);
    }

    private void kernel(Step step, Stream stream) {
        Contents contents = buffer(step);
        int count = Part.of(contents.length(), contents.length(), step, 2).count();
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
        Stream to = otherStream(step);
        long place = flagged++ % FLAGS * Long.BYTES;
        from.writeValue64(flags, place, step.number() + 1L);
        to.waitValue64(flags, place, Compare.GREATER_OR_EQUAL, step.number() + 1L);
        follows(from, to);
    }

    /** What is submitted to one stream from here on comes behind what was submitted to the other. */
    void follows(Stream from, Stream to) {
        for (Contents contents : allBuffers()) {
            if (contents.last() == from) {
                contents.usedBy(to);
            }
        }
    }

    private void hostFunction(Step step, Stream stream) {
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

    private void nonBlocking(Step step) {
        if (streams.size() < MOST_STREAMS) {
            streams.add(context.createStream(StreamOptions.defaults().withNonBlocking(true).withPriority(-step.below(13, 4))));
        } else {
            work(step, stream(step));
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
        for (Contents contents : allBuffers()) {
            if (contents.last() == stream) {
                contents.usedBy(null);
            }
        }
        stream.close();
    }
}
