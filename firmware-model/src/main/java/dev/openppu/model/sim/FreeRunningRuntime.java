package dev.openppu.model.sim;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Host software's clock, waiting and threads in real time.
 *
 * <p>A wait looks a few times, then parks; device activity and {@link #wake} end the park. What nobody announced is found by looking again now and then.
 */
final class FreeRunningRuntime implements LinkRuntime {
    private static final System.Logger LOG = System.getLogger(LinkRuntime.class.getName());
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0;
    private static final long FIRST_RECHECK_NANOS = 500_000;
    private static final long SLOWEST_RECHECK_NANOS = 20_000_000;

    private final FreeRunningWorld world;
    private final HostWaiters waiters;
    private final Timescale timescale;
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();

    FreeRunningRuntime(FreeRunningWorld world, HostWaiters waiters, Timescale timescale) {
        this.world = world;
        this.waiters = waiters;
        this.timescale = timescale;
    }

    List<Thread> workers() {
        return List.copyOf(workers);
    }

    @Override
    public long nanos() {
        return world.nanos();
    }

    @Override
    public long scaled(long nanos) {
        return timescale.stretch(nanos);
    }

    @Override
    public boolean simulated() {
        return false;
    }

    @Override
    public void wake() {
        waiters.wakeAll();
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos) {
        world.checkAlive();
        for (int i = 0; i < SPINS; i++) {
            if (condition.getAsBoolean()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return parkUntil(condition, deadlineNanos);
    }

    private boolean parkUntil(BooleanSupplier condition, long deadlineNanos) {
        Thread self = Thread.currentThread();
        long recheck = FIRST_RECHECK_NANOS;
        waiters.announce(self);
        try {
            while (!condition.getAsBoolean()) {
                world.checkAlive();
                if (self.isInterrupted()) {
                    throw new WaitInterruptedException("thread " + self.getName() + " was interrupted while it waited for the device");
                }
                long left = deadlineNanos == NEVER ? Long.MAX_VALUE : deadlineNanos - nanos();
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, Math.min(left, recheck));
                recheck = Math.min(2 * recheck, SLOWEST_RECHECK_NANOS);
            }
            return true;
        } finally {
            waiters.withdraw(self);
        }
    }

    @Override
    public void sleep(long nanos) {
        long until = nanos() + Math.max(0, nanos);
        parkUntil(() -> false, until < 0 ? NEVER : until);
    }

    @Override
    public Worker start(String name, Runnable body) {
        world.checkAlive();
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(name, body));
        workers.add(thread);
        thread.start();
        return new FreeWorker(thread);
    }

    private void run(String name, Runnable body) {
        try {
            body.run();
        } catch (LinkException e) {
            if (!world.closed()) {
                LOG.log(System.Logger.Level.ERROR, "thread " + name + " ended by an exception", e);
            }
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "thread " + name + " ended by an exception", e);
        } finally {
            workers.remove(Thread.currentThread());
            waiters.wakeAll();
        }
    }

    private final class FreeWorker implements Worker {
        private final Thread thread;

        FreeWorker(Thread thread) {
            this.thread = thread;
        }

        @Override
        public boolean alive() {
            return thread.isAlive();
        }

        @Override
        public boolean join(long deadlineNanos) {
            return !workers.contains(thread) || parkUntil(() -> !workers.contains(thread), deadlineNanos);
        }

        @Override
        public void interrupt() {
            thread.interrupt();
        }
    }
}
