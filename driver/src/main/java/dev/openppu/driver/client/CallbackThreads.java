package dev.openppu.driver.client;

import dev.openppu.driver.sync.LinkLock;
import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkRuntime;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads of the link's that run what the application does when work has ended. Callbacks of one order run one after the other, as they came; one that takes long, or does not return, holds up its
 * own order and no other.
 *
 * <p>One thread, begun by the first callback, runs them all while they are short. When others have stood behind those that run for a millisecond, and none has ended meanwhile, one more thread
 * begins. Of threads that find nothing to do all but one end. So there is at most one thread for each order that has something to run, and two more. Thread-safe.
 */
public final class CallbackThreads implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CallbackThreads.class.getName());
    /** How long callbacks may take without another thread for those behind them, on the link's clock. */
    private static final long SHORT_NANOS = 1_000_000;

    private final LinkRuntime runtime;
    private final Waiting waiting;
    private final String name;
    private final long drainNanos;
    private final LinkLock lock;
    /** Orders that have something to run, none of which runs. Guarded by the lock, as all that follows but for the volatile fields. */
    private final ArrayDeque<Order> ready = new ArrayDeque<>();
    private final Set<Order> busy = new LinkedHashSet<>();
    private final List<Runner> runners = new ArrayList<>();
    private int idle;
    private boolean relief;
    private volatile boolean anyReady;
    private final AtomicLong ended = new AtomicLong();
    private volatile boolean closing;

    /** What the application has asked for. */
    public interface Callback {
        /** Called once, on one of the threads. */
        void run();

        /** Called once in place of {@link #run}: the device is closed. */
        void abandon();
    }

    /** Callbacks that run one after the other. */
    public final class Order {
        private final ArrayDeque<Callback> due = new ArrayDeque<>();
        private boolean running;

        private Order() {}

        /** Has a callback run behind those given before. */
        public void run(Callback callback) {
            if (!add(this, callback)) {
                callback.abandon();
            }
        }
    }

    /**
     * @param name of the threads
     * @param drainNanos longest that closing waits for callbacks that run
     */
    public CallbackThreads(LinkRuntime runtime, String name, long drainNanos) {
        this.runtime = runtime;
        this.waiting = new Waiting(runtime);
        this.name = name;
        this.drainNanos = drainNanos;
        this.lock = new LinkLock(runtime);
    }

    /** An order of its own. */
    public Order order() {
        return new Order();
    }

    private boolean add(Order order, Callback callback) {
        lock.lock();
        try {
            if (closing) {
                return false;
            }
            order.due.add(callback);
            busy.add(order);
            if (!order.running && order.due.size() == 1) {
                ready.add(order);
                anyReady = true;
            }
            provide();
        } finally {
            lock.unlock();
        }
        runtime.wake();
        return true;
    }

    /** Sees to it that somebody will look at what is ready. */
    private void provide() {
        if (runners.isEmpty()) {
            begin(new Runner(false));
        } else if (anyReady && idle == 0 && !relief) {
            relief = true;
            begin(new Runner(true));
        }
    }

    private void begin(Runner runner) {
        runners.add(runner);
        try {
            runner.worker = runtime.start(name, runner);
        } catch (RuntimeException e) {
            runners.remove(runner);
            relief &= !runner.relieves;
            throw e;
        }
    }

    /** One thread. */
    private final class Runner implements Runnable {
        private final boolean relieves;
        private volatile @Nullable Thread thread;
        private LinkRuntime.@Nullable Worker worker;
        private @Nullable Order order;

        /** @param relieves begins only if those before it do not get on */
        Runner(boolean relieves) {
            this.relieves = relieves;
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            if (relieves && !needed()) {
                return;
            }
            for (Callback next = next(); next != null; next = next()) {
                call(next);
            }
        }

        /** Waits until somebody takes what is ready, or for as long as callbacks may take. */
        private boolean needed() {
            long seen;
            do {
                seen = ended.get();
                waiting.uninterruptibly(() -> closing || !anyReady, runtime.deadline(SHORT_NANOS));
            } while (!closing && anyReady && ended.get() != seen);
            lock.lock();
            try {
                relief = false;
                if (closing || !anyReady) {
                    runners.remove(this);
                    return false;
                }
                return true;
            } finally {
                lock.unlock();
            }
        }

        /** The next callback; null if this thread is to end. */
        private @Nullable Callback next() {
            boolean looked = false;
            while (true) {
                lock.lock();
                try {
                    putBack();
                    idle -= looked ? 1 : 0;
                    if (closing || !anyReady && idle > 0) {
                        runners.remove(this);
                        return null;
                    }
                    if (anyReady) {
                        return take();
                    }
                    idle++;
                    looked = true;
                } finally {
                    lock.unlock();
                }
                waiting.uninterruptibly(() -> closing || anyReady, LinkRuntime.NEVER);
            }
        }

        /** What this thread ran has ended. */
        private void putBack() {
            Order last = order;
            if (last != null) {
                order = null;
                last.running = false;
                if (last.due.isEmpty()) {
                    busy.remove(last);
                } else {
                    ready.add(last);
                    anyReady = true;
                }
            }
        }

        private Callback take() {
            Order first = ready.remove();
            anyReady = !ready.isEmpty();
            first.running = true;
            order = first;
            provide();
            return first.due.remove();
        }

        private void call(Callback callback) {
            try {
                callback.run();
            } catch (RuntimeException | Error e) { // whatever it is: those behind it run
                LOG.log(Level.ERROR, "a callback on thread " + name + " failed", e);
            }
            ended.incrementAndGet();
            if (Thread.interrupted()) { // the application's mark on a thread that is not the application's
                LOG.log(Level.DEBUG, "a callback left thread {0} interrupted", name);
            }
        }
    }

    /** Ends the threads, when the callbacks that run have ended or the time for that has passed, and abandons what has not begun. Idempotent. */
    @Override
    public void close() {
        List<Runner> running;
        lock.lock();
        try {
            closing = true;
            running = List.copyOf(runners);
        } finally {
            lock.unlock();
        }
        runtime.wake();
        long deadline = runtime.deadline(drainNanos);
        for (Runner runner : running) {
            LinkRuntime.Worker worker = runner.worker;
            if (worker != null && runner.thread != Thread.currentThread()) { // a callback may close the device: its thread ends after it
                waiting.uninterrupted(() -> worker.join(deadline));
            }
        }
        takeAll().forEach(Callback::abandon);
    }

    private List<Callback> takeAll() {
        List<Callback> left = new ArrayList<>();
        lock.lock();
        try {
            for (Order order : busy) {
                left.addAll(order.due);
                order.due.clear();
            }
            ready.clear();
            anyReady = false;
        } finally {
            lock.unlock();
        }
        return left;
    }
}
