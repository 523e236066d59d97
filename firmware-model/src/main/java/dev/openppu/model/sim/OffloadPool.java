package dev.openppu.model.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A few daemon threads for long work; they come when there is work and go when there is none for a while. */
final class OffloadPool {
    private static final long IDLE_SECONDS = 10;

    private final List<Thread> threads = new ArrayList<>();
    private final ThreadPoolExecutor executor;

    OffloadPool(String name, int size) {
        executor = new ThreadPoolExecutor(size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                body -> begin(name, body),
                new ThreadPoolExecutor.DiscardPolicy());
        executor.allowCoreThreadTimeOut(true);
    }

    private Thread begin(String name, Runnable body) {
        synchronized (threads) {
            threads.removeIf(t -> t.getState() == Thread.State.TERMINATED);
            Thread thread = Thread.ofPlatform().daemon().name(name + "-" + (threads.size() + 1)).unstarted(body);
            threads.add(thread);
            return thread;
        }
    }

    void submit(Runnable work) {
        executor.execute(work);
    }

    /** Forgets what has not begun; what has goes on to its end. */
    void end() {
        executor.shutdownNow();
    }

    List<Thread> threads() {
        synchronized (threads) {
            return List.copyOf(threads);
        }
    }
}
