package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.client.StageScope;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkRuntime;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Runs what the host does in the order of a device's streams: one thread of the link's, begun by the first of it. Thread-safe. */
final class HostFunctions implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HostFunctions.class.getName());

    private final LinkRuntime runtime;
    private final String name;
    private final LinkLock lock;
    private final long drainNanos;
    private final ConcurrentLinkedQueue<Due> due = new ConcurrentLinkedQueue<>();
    private LinkRuntime.@Nullable Worker worker;
    private volatile @Nullable Thread runner;
    private volatile boolean closing;

    /**
     * A function whose turn has come.
     *
     * @param admission throws what lost the context of the stream meanwhile: then the function does not run
     * @param release lets the stream go on
     */
    record Due(String stream, Runnable admission, Runnable function, Runnable release, CompletableFuture<Void> outcome) {}

    /**
     * @param name of the thread
     * @param drainNanos longest that closing waits for a function that runs
     */
    HostFunctions(LinkRuntime runtime, String name, long drainNanos) {
        this.name = name;
        this.runtime = runtime;
        this.drainNanos = drainNanos;
        this.lock = new LinkLock(runtime);
    }

    void run(Due function) {
        lock.lock();
        try {
            if (closing) {
                abandon(function);
                return;
            }
            due.add(function);
            if (worker == null) {
                worker = runtime.start(name, this::serve);
            }
        } finally {
            lock.unlock();
        }
        runtime.wake();
    }

    private void serve() {
        runner = Thread.currentThread();
        while (!closing) {
            runtime.await(() -> closing || !due.isEmpty(), LinkRuntime.NEVER);
            Due next = closing ? null : due.poll();
            if (next != null) {
                call(next);
            }
        }
    }

    private static void call(Due due) {
        try {
            due.admission.run();
        } catch (PpuException lost) {
            StageScope.run(() -> tell(due.outcome, lost));
            return;
        }
        Throwable failure = null;
        try {
            due.function.run();
        } catch (Throwable e) { // whatever it is: the stream goes on
            failure = e;
            LOG.log(Level.WARNING, () -> "the host's part of the work of " + due.stream + " failed: " + e);
        }
        due.release.run();
        Throwable outcome = failure;
        StageScope.run(() -> tell(due.outcome, outcome));
    }

    @SuppressWarnings("NullAway") // a future of Void has no other value
    private static void tell(CompletableFuture<Void> outcome, @Nullable Throwable failure) {
        if (failure == null) {
            outcome.complete(null);
        } else {
            outcome.completeExceptionally(failure);
        }
    }

    /** Ends the thread; functions that have not begun are not run. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        LinkRuntime.Worker running = worker;
        closing = true;
        worker = null;
        lock.unlock();
        if (running != null && Thread.currentThread() != runner) { // a stage that depends on a function's outcome may close the device
            runtime.wake();
            new Waiting(runtime).uninterrupted(() -> running.join(runtime.deadline(drainNanos)));
        }
        Due left = due.poll();
        while (left != null) {
            abandon(left);
            left = due.poll();
        }
    }

    private static void abandon(Due due) {
        due.outcome.completeExceptionally(new PpuException(Failure.of(HgResult.DEINITIALIZED, "the device", due.stream,
                "the device was closed before the host had done its part", "wait for the stream before closing the device")));
    }
}
