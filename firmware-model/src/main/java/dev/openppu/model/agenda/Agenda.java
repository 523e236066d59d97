package dev.openppu.model.agenda;

import dev.openppu.model.sim.Chance;
import dev.openppu.model.sim.Trace;
import dev.openppu.model.sim.World;
import java.util.function.Supplier;

/**
 * The device's agenda: everything that will happen later goes through here, and a reset wipes it. An event that was scheduled before the reset never runs
 * after it, so no block needs to ask whether the world has changed under it.
 *
 * <p>Used under the device's exclusion only.
 */
public final class Agenda {
    private static final long SHORTEST_REAL_WAIT = 10_000;

    private final World world;
    private final Chance jitter;
    private long epoch;
    private long poweredOn;
    private int offloaded;

    public Agenda(World world) {
        this.world = world;
        this.jitter = world.chance().stream("jitter");
    }

    public Trace trace() {
        return world.trace();
    }

    /** An independent stream of chance; the same name is always the same stream, from its beginning. */
    public Chance chance(String name) {
        return world.chance().stream(name);
    }

    /** Device time: nanoseconds since power-on. */
    public long nanos() {
        return world.nanos() - poweredOn;
    }

    /** Device time begins. */
    public void powerOn() {
        poweredOn = world.nanos();
    }

    /** Runs {@code event} after a time unless a reset comes first. {@code what} is a constant label. */
    public void after(long nanos, String what, Runnable event) {
        long scheduledIn = epoch;
        world.after(nanos, what, () -> {
            if (epoch == scheduledIn) {
                event.run();
            }
        });
    }

    /**
     * Runs {@code event} when a block has taken its time, which chance stretches by up to {@code spread} nanoseconds as arbitration would. A real clock cannot
     * wait as briefly as hardware takes: there, what is due within microseconds is due now.
     */
    public void afterAbout(long nanos, long spread, String what, Runnable event) {
        long latency = nanos + jitter.below(spread);
        after(world.simulated() || latency >= SHORTEST_REAL_WAIT ? latency : 0, what, event);
    }

    /** Time is real: what takes long to compute takes long. */
    public boolean realTime() {
        return !world.simulated();
    }

    /** How long to wait for work that was computed already: its device time if time is simulated, nothing if computing it took real time. */
    public long paced(long nanos) {
        return world.simulated() ? nanos : 0;
    }

    /**
     * Long work outside the exclusion where the world has several threads. {@code work} must stop early when asked to (see the caller's own flag), because a
     * reset cannot interrupt it; what it returns runs as an event unless a reset came first.
     */
    public void offload(String what, Supplier<Runnable> work) {
        long scheduledIn = epoch;
        offloaded++;
        world.offload(what, () -> {
            Runnable result = work.get();
            return () -> {
                offloaded--;
                if (epoch == scheduledIn) {
                    result.run();
                }
            };
        });
    }

    /** Work of this or an earlier epoch is still running outside the exclusion. */
    public boolean busyOutside() {
        return offloaded > 0;
    }

    /** A reset: whatever was scheduled will not happen. */
    public void wipe() {
        epoch++;
    }
}
