package dev.openppu.driver.client;

import dev.openppu.driver.sync.LinkLock;
import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Completes futures as the work they stand for ends: one thread of the link's per device, begun by the first future. Thread-safe. */
public final class CompletionWatcher implements AutoCloseable {
    /** Work that a future stands for. */
    public interface Watched {
        /** Whether the work ended, well or badly; quick, without effects and without accesses to the device. */
        boolean ended();

        /** Completes the future; called once, after {@link #ended} held. */
        void complete();

        /** Completes the future although the work has not ended: the device is closed. */
        void abandon();
    }

    private final LinkRuntime runtime;
    private final LinkLock lock;
    private final ConcurrentLinkedQueue<Watched> watched = new ConcurrentLinkedQueue<>();
    private LinkRuntime.@Nullable Worker worker;
    private volatile @Nullable Thread runner;
    private volatile boolean closing;

    public CompletionWatcher(LinkRuntime runtime) {
        this.runtime = runtime;
        this.lock = new LinkLock(runtime);
    }

    public void watch(Watched work) {
        lock.lock();
        try {
            if (closing) {
                work.abandon();
                return;
            }
            watched.add(work);
            if (worker == null) {
                worker = runtime.start("ppu-completions", this::run);
            }
        } finally {
            lock.unlock();
        }
        runtime.wake();
    }

    private void run() {
        runner = Thread.currentThread();
        while (!closing) {
            runtime.await(() -> closing || anyEnded(), LinkRuntime.NEVER);
            completeEnded();
        }
    }

    private boolean anyEnded() {
        for (Watched work : watched) {
            if (work.ended()) {
                return true;
            }
        }
        return false;
    }

    private void completeEnded() {
        List<Watched> ended = new ArrayList<>();
        watched.removeIf(work -> work.ended() && ended.add(work));
        ended.forEach(Watched::complete);
    }

    /** Ends the thread and abandons what is left. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        LinkRuntime.Worker running = worker;
        closing = true;
        worker = null;
        lock.unlock();
        if (running != null && Thread.currentThread() != runner) { // a dependent stage may close the device: its thread ends after it
            runtime.wake();
            new Waiting(runtime).uninterrupted(() -> running.join(LinkRuntime.NEVER));
        }
        Watched left = watched.poll();
        while (left != null) {
            left.abandon();
            left = watched.poll();
        }
    }
}
