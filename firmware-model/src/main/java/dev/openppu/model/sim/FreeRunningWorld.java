package dev.openppu.model.sim;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Real time: device events run on a thread of the device's under its lock, long work on a few workers outside it. */
public final class FreeRunningWorld implements World {
    private static final int OFFLOAD_THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);

    private final long origin = System.nanoTime();
    private final SharedCopy copies = new SharedCopy();
    private final Exclusion exclusion = new Exclusion(copies::help);
    private final Chance chance;
    private final HostWaiters waiters = new HostWaiters();
    private final Lookout lookout = new Lookout("ppu-model-lookout", waiters, this::nanos);
    private final FreeRunningRuntime runtime;
    private final @Nullable TextTrace textTrace;
    private final Trace trace;
    private final DeviceThread device;
    private final OffloadPool offload;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    /**
     * @param seed of the model's randomness; the order of events is real
     * @param timescale stretches time-outs, 1 for none
     * @param traceTo where the trace goes, closed with the world; null for none
     */
    public FreeRunningWorld(long seed, double timescale, @Nullable Writer traceTo) {
        chance = new Chance(seed).stream("device");
        runtime = new FreeRunningRuntime(this, waiters, lookout, new Timescale(timescale));
        textTrace = traceTo == null ? null : new TextTrace(traceTo, this::nanos);
        trace = textTrace == null ? Trace.off() : textTrace;
        device = new DeviceThread("ppu-model", exclusion, this::nanos, trace, this::fail);
        offload = new OffloadPool("ppu-model-offload", OFFLOAD_THREADS);
        device.start();
    }

    public FreeRunningWorld(long seed) {
        this(seed, 1, null);
    }

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public boolean simulated() {
        return false;
    }

    @Override
    public LinkRuntime runtime() {
        return runtime;
    }

    @Override
    public void after(long nanos, String what, Runnable event) {
        device.after(nanos, what, event);
    }

    @Override
    public Chance chance() {
        return chance;
    }

    @Override
    public void offload(String what, Supplier<Runnable> work) {
        offload.submit(() -> {
            try {
                device.after(0, what, work.get());
            } catch (RuntimeException | Error e) {
                fail(new IllegalStateException("offloaded work '" + what + "' failed: " + e, e));
            }
        });
    }

    @Override
    public BulkCopy bulkCopy() {
        return copies;
    }

    /** A host thread that looks for the device to do something helps it; returns whether there was anything to do. */
    boolean help() {
        return copies.help();
    }

    @Override
    public Trace trace() {
        return trace;
    }

    @Override
    public void enter() {
        exclusion.enter();
        try {
            checkAlive();
        } catch (RuntimeException e) {
            exclusion.exit();
            throw e;
        }
    }

    @Override
    public void exit() {
        exclusion.exit();
    }

    @Override
    public void spend(long nanos) {
        // real accesses take real time
    }

    @Override
    public String hostActor() {
        return Thread.currentThread().getName().replace(' ', '-');
    }

    @Override
    public void hostMemoryChanged() {
        waiters.memoryChanged();
    }

    @Override
    public void interruptArrived(int vector) {
        waiters.interrupted(vector);
    }

    boolean closed() {
        return closed;
    }

    void checkAlive() {
        if (closed) {
            throw new LinkException("the link is closed");
        }
        RuntimeException f = failure;
        if (f != null) {
            throw new LinkException("the device model has failed: " + f.getMessage(), f);
        }
    }

    private void fail(RuntimeException cause) {
        failure = cause;
        waiters.wakeAll();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        device.end();
        offload.end();
        lookout.end();
        waiters.wakeAll();
        List<Thread> threads = new ArrayList<>(runtime.workers());
        threads.add(device.thread());
        threads.addAll(offload.threads());
        threads.addAll(lookout.threads());
        Workers.awaitEnd(threads);
        if (textTrace != null) {
            textTrace.close();
        }
    }
}
