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
 * {@link #wake}: if the condition holds then. What nobody announced the {@link Lookout} finds, so a lost interrupt costs 20 ms at most, 200 ms once the wait has lasted for
 * seconds. A park has a timer of its own only if its deadline, or distrust of the interrupt, is near.
 */
final class FreeRunningRuntime implements LinkRuntime {
    private static final System.Logger LOG = System.getLogger(LinkRuntime.class.getName());
    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;
    private static final int LOOKS = 500;
    private static final int FEW_LOOKS = 32;
    /** About what waking a thread costs: who has what it waits for within that time loses nothing by looking. */
    private static final long BRIEFLY_NANOS = 30_000;
    /** For how long a virtual thread that looks leaves its carrier now and then. */
    private static final long CARRIER_NANOS = 20_000;

    private final FreeRunningWorld world;
    private final HostWaiters waiters;
    private final Lookout lookout;
    private final Timescale timescale;
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();

    FreeRunningRuntime(FreeRunningWorld world, HostWaiters waiters, Lookout lookout, Timescale timescale) {
        this.world = world;
        this.waiters = waiters;
        this.lookout = lookout;
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
    public void spin() {
        if (!world.help()) {
            Thread.onSpinWait();
        }
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

    /**
     * Looks without sleeping until a time; the world, interrupts and the clock are asked now and then. A virtual thread does sleep then, shortly: a carrier takes threads that
     * others have unparked only when its own queue is empty, and two that yield to each other keep it full, for ever if they look for what one of those will do.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the published policy YIELD says so
    private boolean look(BooleanSupplier condition, long deadlineNanos, long untilNanos, boolean yielding) {
        boolean virtual = Thread.currentThread().isVirtual();
        long until = Math.min(deadlineNanos, untilNanos);
        while (true) {
            for (int i = 0; i < FEW_LOOKS; i++) {
                if (condition.getAsBoolean()) {
                    return true;
                }
                if (world.help()) {
                    until = Math.min(deadlineNanos, Math.max(until, nanos() + BRIEFLY_NANOS));
                } else if (yielding) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            }
            world.checkAlive();
            checkInterrupt(Thread.currentThread());
            if (virtual) {
                LockSupport.parkNanos(this, CARRIER_NANOS);
            }
            if (nanos() >= until) {
                return condition.getAsBoolean();
            }
        }
    }

    private static void checkInterrupt(Thread self) {
        if (self.isInterrupted()) {
            throw new WaitInterruptedException("thread " + self.getName() + " was interrupted while it waited for the device");
        }
    }

    private boolean parkUntil(BooleanSupplier condition, long deadlineNanos, Wakeup wakeup) {
        return parkUntil(condition, deadlineNanos, wakeup, !wakeup.periodic());
    }

    /** @param watched the lookout is to look too: the deadline is not the end of a period after which the caller does it anyway */
    private boolean parkUntil(BooleanSupplier condition, long deadlineNanos, Wakeup wakeup, boolean watched) {
        Thread self = Thread.currentThread();
        HostWaiters.Waiter waiter = new HostWaiters.Waiter(self, condition, wakeup.vector(), deadlineNanos);
        waiters.announce(waiter);
        try {
            return parkArmed(self, condition, deadlineNanos, wakeup, watched);
        } finally {
            waiters.withdraw(waiter);
        }
    }

    private boolean parkArmed(Thread self, BooleanSupplier condition, long deadlineNanos, Wakeup wakeup, boolean watched) {
        long trust = wakeup.arm();
        try {
            while (!condition.getAsBoolean()) {
                world.checkAlive();
                checkInterrupt(self);
                long left = deadlineNanos == NEVER ? NEVER : deadlineNanos - nanos();
                if (left <= 0) {
                    return false;
                }
                park(Math.min(left, trust), watched);
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

    private void park(long nanos, boolean watched) {
        if (watched) {
            lookout.keepWatch();
        }
        if (watched && nanos >= Lookout.HORIZON_NANOS) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos);
        }
    }

    @Override
    public void sleep(long nanos) {
        long until = nanos() + Math.max(0, nanos);
        parkUntil(() -> false, until < 0 ? NEVER : until, Wakeup.any(), false);
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
