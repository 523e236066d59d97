package dev.openppu.model.sim;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Host software's clock, waiting and threads in real time.
 *
 * <p>A wait looks for as long as its policy says, then parks. An interrupt of the vector that it waits for ends the park, or any activity of the device if it waits for none, and
 * {@link #wake}: if the condition holds then. What nobody announced is found by looking again now and then, so a lost interrupt costs 20 ms at most, 200 ms once the wait has lasted for
 * seconds.
 */
final class FreeRunningRuntime implements LinkRuntime {
    private static final System.Logger LOG = System.getLogger(LinkRuntime.class.getName());
    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;
    private static final int LOOKS = 500;
    private static final int FEW_LOOKS = 32;
    /** About what waking a thread costs: who has what it waits for within that time loses nothing by looking. */
    private static final long BRIEFLY_NANOS = 30_000;
    private static final long FIRST_RECHECK_NANOS = 500_000;
    /** What a lost interrupt costs at most, for the first seconds. */
    private static final long SLOW_RECHECK_NANOS = 20_000_000;
    private static final long PATIENCE_NANOS = 2_000_000_000;
    /** And afterwards. */
    private static final long SLOWEST_RECHECK_NANOS = 200_000_000;

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
        waiters.wakeDue();
    }

    @Override
    public int looks(WaitPolicy policy) {
        return SEVERAL_PROCESSORS ? switch (policy) {
            case SPIN, SPIN_THEN_SLEEP -> Thread.currentThread().isVirtual() ? FEW_LOOKS : LOOKS;
            case SLEEP -> FEW_LOOKS;
            case YIELD, YIELD_THEN_SLEEP -> 0;
        } : 0;
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos) {
        return await(condition, deadlineNanos, WaitPolicy.SLEEP, Wakeup.any());
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos, WaitPolicy policy, Wakeup wakeup) {
        world.checkAlive();
        boolean virtual = Thread.currentThread().isVirtual();
        return switch (policy) {
            case SPIN -> look(condition, deadlineNanos, deadlineNanos, virtual);
            case YIELD -> look(condition, deadlineNanos, deadlineNanos, true);
            case SPIN_THEN_SLEEP -> lookBriefly(condition, deadlineNanos, !SEVERAL_PROCESSORS || virtual)
                    || parkUntil(condition, deadlineNanos, wakeup);
            case YIELD_THEN_SLEEP -> lookBriefly(condition, deadlineNanos, true) || parkUntil(condition, deadlineNanos, wakeup);
            case SLEEP -> condition.getAsBoolean() || parkUntil(condition, deadlineNanos, wakeup);
        };
    }

    private boolean lookBriefly(BooleanSupplier condition, long deadlineNanos, boolean yielding) {
        return look(condition, deadlineNanos, nanos() + BRIEFLY_NANOS, yielding);
    }

    /** Looks without sleeping until a time; the world, interrupts and the clock are asked now and then. */
    @SuppressWarnings("ThreadPriorityCheck") // the published policy YIELD says so
    private boolean look(BooleanSupplier condition, long deadlineNanos, long untilNanos, boolean yielding) {
        long until = Math.min(deadlineNanos, untilNanos);
        while (true) {
            for (int i = 0; i < FEW_LOOKS; i++) {
                if (condition.getAsBoolean()) {
                    return true;
                }
                if (yielding) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            }
            world.checkAlive();
            checkInterrupt(Thread.currentThread());
            if (nanos() >= until) {
                return false;
            }
        }
    }

    private static void checkInterrupt(Thread self) {
        if (self.isInterrupted()) {
            throw new WaitInterruptedException("thread " + self.getName() + " was interrupted while it waited for the device");
        }
    }

    private boolean parkUntil(BooleanSupplier condition, long deadlineNanos, Wakeup wakeup) {
        Thread self = Thread.currentThread();
        HostWaiters.Waiter waiter = new HostWaiters.Waiter(self, condition, wakeup.vector());
        waiters.announce(waiter);
        try {
            return parkArmed(self, condition, deadlineNanos, wakeup);
        } finally {
            waiters.withdraw(waiter);
        }
    }

    private boolean parkArmed(Thread self, BooleanSupplier condition, long deadlineNanos, Wakeup wakeup) {
        long recheck = wakeup.periodic() ? Long.MAX_VALUE : FIRST_RECHECK_NANOS;
        long patience = nanos() + PATIENCE_NANOS;
        long trust = wakeup.arm();
        try {
            while (!condition.getAsBoolean()) {
                world.checkAlive();
                checkInterrupt(self);
                long now = nanos();
                long left = deadlineNanos == NEVER ? Long.MAX_VALUE : deadlineNanos - now;
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, Math.min(left, Math.min(recheck, trust)));
                if (!wakeup.periodic()) {
                    recheck = Math.min(2 * recheck, now > patience ? SLOWEST_RECHECK_NANOS : SLOW_RECHECK_NANOS);
                }
                if (trust != Long.MAX_VALUE) {
                    wakeup.disarm();
                    trust = wakeup.arm();
                }
            }
            return true;
        } finally {
            wakeup.disarm();
        }
    }

    @Override
    public void sleep(long nanos) {
        long until = nanos() + Math.max(0, nanos);
        parkUntil(() -> false, until < 0 ? NEVER : until, Wakeup.any());
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
            waiters.wakeDue();
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
            return !workers.contains(thread) || parkUntil(() -> !workers.contains(thread), deadlineNanos, Wakeup.any());
        }

        @Override
        public void interrupt() {
            thread.interrupt();
        }
    }
}
