package dev.openppu.harness.sim.work;

import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.PrimaryContext;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import dev.openppu.harness.sim.check.Invariant;
import dev.openppu.harness.sim.check.Promises;
import dev.openppu.harness.sim.check.Rules;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One context and what a tenant has in it: streams, buffers and what must be in them. Each step goes to one stream; where a buffer goes from one stream to another, the second is held
 * behind the first, so that what has to be in it is known.
 */
public final class Workbench {
    private static final int MOST_STREAMS = 5;
    private static final int MOST_BUFFERS = 5;
    private static final int USUAL_WORDS = 400;
    private static final int LARGE_WORDS = 9_000;

    private final Context context;
    private final Promises promises;
    private final Rules rules;
    private final BufferSteps usual;
    private final PinnedSlots pinned;
    private final Flags flags;
    private final List<Stream> streams = new ArrayList<>();
    private final Map<Stream, Promises.Turn> turns = new IdentityHashMap<>();
    private final List<Contents> buffers = new ArrayList<>();
    private final Runnable ending;
    private final boolean alone;
    private final LargeSteps large;
    private final DefaultSteps defaults;
    private final PoolSteps pools;
    private final CrowdSteps crowd;
    private @Nullable ValueSteps values;
    private @Nullable LaunchSteps launches;
    private @Nullable Neighbour neighbour;

    /** In a context of its own; in the device's primary one if that is the step. */
    public Workbench(Ppu ppu, Step step, Promises promises, Rules rules) {
        this.promises = promises;
        this.rules = rules;
        if (step.kind() == Step.Kind.PRIMARY_CONTEXT) {
            PrimaryContext.Retention held = ppu.primaryContext().hold();
            context = held.context();
            ending = held::close;
            alone = false;
        } else {
            context = ppu.createContext();
            ending = context::close;
            alone = true;
        }
        large = new LargeSteps(this);
        defaults = new DefaultSteps(this);
        pools = new PoolSteps(this);
        crowd = new CrowdSteps(this);
        try {
            PpuModule module = context.loadModule(StepKernel.CODE);
            pinned = new PinnedSlots(context, rules);
            usual = new BufferSteps(this, module, pinned);
            flags = new Flags(context);
            newStream(step);
            newBuffer(step);
        } catch (RuntimeException | Error e) {
            ending.run();
            throw e;
        }
    }

    /** Ends the context, with whatever is under way in it; the primary one only when nobody else is in it. */
    public void close() {
        try {
            if (neighbour != null) {
                neighbour.close();
            }
        } finally {
            ending.run();
        }
        if (alone && Context.current().filter(current -> current == context).isPresent()) {
            rules.broken(Invariant.CONTENTS, context + " is closed and still current to its thread", "another, or none");
        }
    }

    @Override
    public String toString() {
        return context.toString();
    }

    /** Does one step; throws what the API throws, and what {@link Rules#broken broken rules} throw. */
    public void perform(Step step) {
        switch (step.kind()) {
            case COPY_IN, COPY_IN_PINNED, COPY_OUT, COPY_OUT_PINNED, COPY_WITHIN, FILL, KERNEL, BATCH -> usual.perform(step);
            case HAND_OVER -> handOver(buffer(step), stream(step), step);
            case WAIT_VALUE -> flags.hand(this, step);
            case HOST_FUNCTION -> hostFunction(step, stream(step));
            case FUTURE -> promises.expect(step + " in " + this, stream(step).done());
            case SYNCHRONIZE -> synchronize(stream(step));
            case QUERY -> {
                Stream asked = stream(step);
                if (asked.idle()) {
                    pinned.reached(asked);
                }
            }
            case NEW_BUFFER -> newBuffer(step);
            case CLOSE_BUFFER -> closeBuffer(step);
            case NEW_STREAM -> newStream(step);
            case CLOSE_STREAM -> closeStream(step);
            case LARGE_IN, LARGE_OUT, LARGE_WITHIN, LARGE_FILL -> large.perform(step);
            case FILL_RECTANGLE, FILL_NARROW, FILL_RECTANGLE_NARROW, COPY_RECTANGLE, RECTANGLE_IN, RECTANGLE_OUT, PITCHED,
                    RECTANGLES_BESIDE ->
                new RectangleSteps(this).perform(step);
            case LEGACY, PER_THREAD -> defaults.perform(step);
            case NON_BLOCKING -> nonBlocking(step);
            case TIMES, VALUES_32 -> values(step).perform(step);
            case POOL, REGISTER, OWN_POOL -> new MemorySteps(this).perform(step);
            case USE_CLOSED -> new ClosedSteps(this, step, usual.module()).perform();
            case OUTSIDE -> new OutsideSteps(this, step).perform();
            case PEER_COPY, PORTABLE, FOREIGN -> new PeerSteps(this).perform(step);
            case LIMITS, OPTIONS, CURRENT -> new SettingSteps(this).perform(step);
            case POINTERS, MEMORY_INFO, HELD, HANDLES -> new AskSteps(this).perform(step);
            case POOL_TAKE, POOL_USE, POOL_FREE, POOL_RULES -> pools.perform(step);
            case LAUNCH_SHAPED, LAUNCH_NARROW -> launches().perform(step);
            case POLL, LEGACY_ASKED, EVENT_AGAIN -> new QuerySteps(this).perform(step);
            case TIME_OUT -> new GiveUpSteps(this, step).perform();
            case INTERRUPT -> {
                if (step.below(29, 4) == 0) {
                    new GiveBackSteps(this, step).perform();
                } else {
                    new GiveUpSteps(this, step).perform();
                }
            }
            case BEHIND -> new BehindSteps(this).perform(step);
            case STAGE -> {
                if (step.below(28, 4) == 0) {
                    SlowFunction.requireOthersGoOn(this, step);
                } else {
                    new StageSteps(this, step).perform();
                }
            }
            case ROUNDS -> new RoundSteps(this, step).perform();
            case TOGETHER -> new TogetherSteps(this, step, usual.module()).perform();
            case CROWD -> crowd.perform(step);
            case OWN_EVENT, EVENTS -> new EventSteps(this).perform(step);
            case SPLINTERS -> new SplinterSteps(this, step).perform();
            case MODULE -> new ModuleSteps(this).perform(step);
            case NEW_CONTEXT, PRIMARY_CONTEXT, PRIMARY_RULES, USE_FREED, MISTAKE, THINK, METRICS, CLOCKS, HEALTH, FIRMWARE_LOG, DUMP,
                    WATCHDOG, DRAIN,
                    UPDATE, RESET ->
                throw new IllegalArgumentException(step + " is the tenant's");
        }
    }

    /** Everything that is in the buffers, and in pinned memory, is looked at. */
    public void verify() {
        for (Contents contents : allBuffers()) {
            Stream stream = contents.last() == null ? streams.getFirst() : contents.last();
            MemorySegment back = MemorySegment.ofArray(new int[contents.length()]);
            stream.copyToHost(back, contents.buffer(), 0);
            Contents.compare(rules, "the last look at " + contents.buffer(), contents.words(), back);
        }
        synchronizeAll();
    }

    /** Waits for every stream. */
    void synchronizeAll() {
        List.copyOf(streams).forEach(this::synchronize);
        defaults.used().forEach(this::synchronize);
    }

    private List<Contents> allBuffers() {
        List<Contents> all = new ArrayList<>(buffers);
        all.addAll(large.buffers());
        all.addAll(pools.buffers());
        Neighbour beside = neighbour;
        if (beside != null) {
            all.add(beside.contents());
        }
        return all;
    }

    /** What its buffers take of the device's memory, at least. */
    long deviceBytes() {
        return allBuffers().stream().mapToLong(Contents::bytes).sum();
    }

    Context context() {
        return context;
    }

    /** Whether no other tenant uses the context. */
    boolean alone() {
        return alone;
    }

    Rules rules() {
        return rules;
    }

    Promises promises() {
        return promises;
    }

    /** The tenant's second context, which is there from the first step on that asks for it. */
    Neighbour neighbour(Step step) {
        Neighbour present = neighbour;
        if (present == null) {
            present = new Neighbour(context.ppu(), step);
            neighbour = present;
        }
        return present;
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

    /** The steps that launch, whose code is there from the first of them on. */
    private LaunchSteps launches() {
        LaunchSteps present = launches;
        if (present == null) {
            present = new LaunchSteps(this);
            launches = present;
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
                Event event = before.context().createEvent();
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

    /** Something in this stream, by the step's dice. */
    void work(Step step, Stream stream) {
        usual.work(step, stream);
    }

    /** A kernel of code of this context, on a usual buffer. */
    void kernel(Step step, Stream stream, PpuModule code) {
        usual.kernel(step, stream, code);
    }

    /** Has a stream do something that takes long. */
    void delay(Step step, Stream stream) {
        usual.delay(step, stream);
    }

    /** A stream reads some of a buffer behind its last use; what it has read is looked at when somebody has waited. */
    void lookLater(Step step, Stream stream, Contents contents) {
        pinned.copyOut(this, step, stream, contents);
    }

    /** Has a stream write to pinned memory, as {@link PinnedSlots#write} says. */
    void writePinned(Step step, Stream stream, ObjLongConsumer<MemorySegment> work) {
        pinned.write(step, stream, work);
    }

    /** What is submitted to one stream from here on comes behind what was submitted to the other. */
    void follows(Stream from, Stream to) {
        for (Contents contents : allBuffers()) {
            if (contents.last() == from) {
                contents.usedBy(to);
            }
        }
    }

    void hostFunction(Step step, Stream stream) {
        String what = "the host function of " + step + " in " + this;
        Promises.Turn turn = turns.computeIfAbsent(stream, any -> new Promises.Turn());
        promises.expect(what, stream.launchHostFunction(promises.function(what, turn)));
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
            contents.close();
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
        retire(stream);
        streams.remove(stream);
    }

    /** Ends the use of a stream, and closes it. */
    void retire(Stream stream) {
        synchronize(stream);
        turns.remove(stream);
        for (Contents contents : allBuffers()) {
            if (contents.last() == stream) {
                contents.usedBy(null);
            }
        }
        stream.close();
    }
}
