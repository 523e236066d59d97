package dev.openppu.model.sim;

import dev.openppu.hal.LinkRuntime;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The model's time, chance and order of events.
 *
 * <p>Device code runs in two ways only: as an event, or called by a host thread between {@link #enter} and {@link #exit}. Either way it has the device's
 * exclusion: no other device code of this world runs at the same time (work given to {@link #offload} excepted). It never blocks; it continues later by
 * {@link #after}.
 */
public interface World extends AutoCloseable {

    /** Nanoseconds since the world began. */
    long nanos();

    boolean simulated();

    /** Threads that software above the link has started ({@link LinkRuntime#start}) and that have not ended, by their names. */
    List<String> working();

    /** What went wrong in the device's own code, after which it answers nothing more; empty while nothing has. */
    Optional<String> failure();

    /** What software above the link gets: clock, waiting, threads. */
    LinkRuntime runtime();

    /**
     * Runs a device event once, later, under the device's exclusion. Two events due at the same instant run in an order that the seed decides (simulated) or
     * in the order of their scheduling (free running): device code that needs an order keeps a queue.
     *
     * @param nanos delay, 0 or more; negative counts as 0
     * @param what a constant label for the trace
     */
    void after(long nanos, String what, Runnable event);

    /** The model's randomness: independent streams by name, all of them from the seed. */
    Chance chance();

    /**
     * Long work (a slice of a kernel). Simulated: runs inline as an event. Free running: runs on a worker thread outside the exclusion, so it may touch only
     * what it owns, device memory and {@code HostPort}. The Runnable that it returns runs as an event afterwards.
     */
    void offload(String what, Supplier<Runnable> work);

    /**
     * Runs something while no offloaded work does; what has begun is waited for, and what comes begins afterwards. Not to be called under the exclusion, which that work may want.
     */
    void withoutOffloaded(Runnable action);

    /** Copies bytes for the device: under its exclusion, and nobody else touches what is copied to. */
    BulkCopy bulkCopy();

    Trace trace();

    /**
     * Takes the device's exclusion for the calling host thread; re-entrant; ended by {@link #exit}. Simulated: the calling thread waits for the baton if it
     * does not hold it.
     *
     * @throws dev.openppu.hal.LinkException if the world is closed, or device code has failed
     */
    void enter();

    void exit();

    default void exclusively(Runnable action) {
        enter();
        try {
            action.run();
        } finally {
            exit();
        }
    }

    default <T> T exclusively(Supplier<T> action) {
        enter();
        try {
            return action.get();
        } finally {
            exit();
        }
    }

    /**
     * Runs something that waits for who is beyond the link, without the exclusion if the calling thread has it: host threads may {@link #enter} meanwhile. Simulated: nobody is beyond the link.
     */
    default void outside(Runnable wait) {
        wait.run();
    }

    /** As {@link #enter}, when no device code is {@link #outside}: for what must not find it in the middle of something. */
    default void enterAlone() {
        enter();
    }

    /**
     * A host access takes this long: a scheduling point. Simulated: time goes on by {@code nanos}, and what is due meanwhile (device events, other host threads)
     * runs. Free running: nothing. Not to be called by device events, nor between {@link #enter} and {@link #exit}.
     */
    void spend(long nanos);

    /** The calling host thread's name in the trace: by the order in which it became known (simulated), or the thread's own name. */
    String hostActor();

    /** Device code wrote host memory: host threads that wait for anything look again; those that wait for an interrupt do not notice. */
    void hostMemoryChanged();

    /** An interrupt message has arrived: host threads that wait for its vector, or for anything, look again. */
    void interruptArrived(int vector);

    /** Ends the world: no event runs any more, waiting host threads get a {@link dev.openppu.hal.LinkException}, and its threads end. Idempotent. */
    @Override
    void close();
}
