package dev.openppu.model.sim;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.realtime.Timescale;
import dev.openppu.hal.realtime.Workers;
import java.io.Writer;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Discrete-event simulation: a run is its seed.
 *
 * <p>Exactly one thread runs at a time. Host threads (the first that calls, those begun by {@link LinkRuntime#start}, and others, which are adopted) pass a baton where
 * they wait or access the device; device events run inline on whichever thread has the baton. What runs next is the earliest by time; a seeded rank orders what
 * is due at the same instant, and seeded jitter moves every access and wake-up.
 *
 * <p>Deterministic: the same seed and the same host program give the same order of everything, on any JVM.
 */
public final class SimulatedWorld implements World {
    private static final long OFFLOAD_NANOS = 200;

    private final Scheduler scheduler;
    private final Chance deviceChance;
    private final SimulatedRuntime runtime;
    private final @Nullable TextTrace textTrace;
    private final Trace trace;

    /**
     * @param seed decides everything
     * @param timescale stretches time-outs, 1 for none
     * @param traceTo where the trace goes, closed with the world; null for none
     */
    public SimulatedWorld(long seed, double timescale, @Nullable Writer traceTo) {
        Chance origin = new Chance(seed);
        scheduler = new Scheduler(origin.stream("scheduler"));
        deviceChance = origin.stream("device");
        runtime = new SimulatedRuntime(scheduler, new Timescale(timescale));
        textTrace = traceTo == null ? null : new TextTrace(traceTo, scheduler::now);
        trace = textTrace == null ? Trace.off() : textTrace;
        scheduler.trace(trace);
    }

    public SimulatedWorld(long seed) {
        this(seed, 1, null);
    }

    @Override
    public long nanos() {
        return scheduler.now();
    }

    @Override
    public boolean simulated() {
        return true;
    }

    @Override
    public LinkRuntime runtime() {
        return runtime;
    }

    @Override
    public void after(long nanos, String what, Runnable event) {
        scheduler.after(nanos, what, event);
    }

    @Override
    public Chance chance() {
        return deviceChance;
    }

    @Override
    public void offload(String what, Supplier<Runnable> work) {
        scheduler.after(OFFLOAD_NANOS, what, () -> scheduler.after(0, what, work.get()));
    }

    @Override
    public void withoutOffloaded(Runnable action) {
        action.run(); // offloaded work is an event
    }

    @Override
    public BulkCopy bulkCopy() {
        return MemorySegment::copy;
    }

    @Override
    public Trace trace() {
        return trace;
    }

    @Override
    public void enter() {
        scheduler.enter();
    }

    @Override
    public void exit() {
        // the baton is the exclusion, and its holder keeps it until the next scheduling point
    }

    @Override
    public void spend(long nanos) {
        scheduler.spend(nanos);
    }

    @Override
    public List<String> working() {
        return scheduler.working();
    }

    @Override
    public Optional<String> failure() {
        return scheduler.failure();
    }

    @Override
    public String hostActor() {
        return scheduler.turn().name;
    }

    @Override
    public void hostMemoryChanged() {
        // every condition is looked at after every event
    }

    @Override
    public void interruptArrived(int vector) {
        // as above
    }

    @Override
    public void close() {
        scheduler.close();
        Workers.awaitEnd(scheduler.workers());
        if (textTrace != null) {
            textTrace.close();
        }
    }
}
