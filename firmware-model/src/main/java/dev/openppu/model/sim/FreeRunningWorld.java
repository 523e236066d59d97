package dev.openppu.model.sim;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.realtime.RealTimeRuntime;
import dev.openppu.hal.realtime.Workers;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Real time: device events run on a thread of the device's under its lock, long work on a few workers outside it. */
public final class FreeRunningWorld implements World {
    private static final int OFFLOAD_THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);

    private final SharedCopy copies = new SharedCopy();
    private final Exclusion exclusion = new Exclusion(copies::help);
    private final Chance chance;
    private final RealTimeRuntime runtime;
    private final @Nullable TextTrace textTrace;
    private final Trace trace;
    private final DeviceThread device;
    private final OffloadPool offload;
    /** Read: work that runs outside the exclusion. Taken before the exclusion. */
    private final ReadWriteLock offloading = new ReentrantReadWriteLock();
    private volatile boolean closed;

    /**
     * @param seed of the model's randomness; the order of events is real
     * @param timescale stretches time-outs, 1 for none
     * @param traceTo where the trace goes, closed with the world; null for none
     */
    public FreeRunningWorld(long seed, double timescale, @Nullable Writer traceTo) {
        chance = new Chance(seed).stream("device");
        runtime = new RealTimeRuntime("ppu-model", timescale, copies::help);
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
        return runtime.nanos();
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
                device.after(0, what, run(work));
            } catch (RuntimeException | Error e) {
                fail(new IllegalStateException("offloaded work '" + what + "' failed: " + e, e));
            }
        });
    }

    private Runnable run(Supplier<Runnable> work) {
        offloading.readLock().lock();
        try {
            return work.get();
        } finally {
            offloading.readLock().unlock();
        }
    }

    @Override
    public void withoutOffloaded(Runnable action) {
        offloading.writeLock().lock();
        try {
            action.run();
        } finally {
            offloading.writeLock().unlock();
        }
    }

    @Override
    public BulkCopy bulkCopy() {
        return copies;
    }

    @Override
    public Trace trace() {
        return trace;
    }

    @Override
    public void enter() {
        exclusion.enter();
        try {
            runtime.checkAlive();
        } catch (RuntimeException e) {
            exclusion.exit();
            throw e;
        }
    }

    @Override
    public void outside(Runnable wait) {
        exclusion.outside(wait);
    }

    @Override
    public void enterAlone() {
        exclusion.enterAlone();
        try {
            runtime.checkAlive();
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
    public List<String> working() {
        return runtime.working();
    }

    @Override
    public Optional<String> failure() {
        return runtime.failure();
    }

    @Override
    public String hostActor() {
        return Thread.currentThread().getName().replace(' ', '-');
    }

    @Override
    public void hostMemoryChanged() {
        runtime.memoryChanged();
    }

    @Override
    public void interruptArrived(int vector) {
        runtime.interrupted(vector);
    }

    private void fail(RuntimeException cause) {
        runtime.fail("the device model has failed", cause);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        device.end();
        offload.end();
        runtime.end();
        List<Thread> threads = new ArrayList<>(runtime.threads());
        threads.add(device.thread());
        threads.addAll(offload.threads());
        Workers.awaitEnd(threads);
        if (textTrace != null) {
            textTrace.close();
        }
    }
}
