package dev.openppu.hal.realtime;

import dev.openppu.hal.InterruptHold;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitInterruptedException;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Host software's clock, waiting and threads in real time.
 *
 * <p>A wait looks for as long as its policy says, then parks. An interrupt of the vector that it waits for ends the park, or any activity of the device if it waits for none, and
 * {@link #wake}: if the condition holds then. What nobody announced the {@link Lookout} finds, so a lost interrupt costs 20 ms at most, 200 ms once the wait has lasted for
 * seconds. A park has a timer of its own only if its deadline, or distrust of the interrupt, is near.
 */
public final class RealTimeRuntime implements LinkRuntime, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LinkRuntime.class.getName());
    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;
    private static final int LOOKS = 500;
    private static final int FEW_LOOKS = 32;
    /** About what waking a thread costs: who has what it waits for within that time loses nothing by looking. */
    private static final long BRIEFLY_NANOS = 30_000;
    /** For how long a virtual thread that looks leaves its carrier now and then. */
    private static final long CARRIER_NANOS = 20_000;

    private final long origin = System.nanoTime();
    private final HostWaiters waiters = new HostWaiters();
    private final Lookout lookout;
    private final Timescale timescale;
    private final BooleanSupplier meanwhile;
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;
    private volatile @Nullable Failure failure;

    private record Failure(String what, RuntimeException cause) {
        @Override
        public String toString() {
            return what + ": " + cause.getMessage();
        }
    }

    /**
     * @param name begins the names of its own threads
     * @param timescale stretches time-outs, 1 for none
     */
    public RealTimeRuntime(String name, double timescale) {
        this(name, timescale, () -> false);
    }

    /** @param meanwhile what a thread that looks may do for the device in between; returns whether there was anything to do */
    public RealTimeRuntime(String name, double timescale, BooleanSupplier meanwhile) {
        this.lookout = new Lookout(name + "-lookout", waiters, this::nanos);
        this.timescale = new Timescale(timescale);
        this.meanwhile = meanwhile;
    }

    // ---------------------------------------------------------------- for the link

    /** The device wrote host memory. */
    public void memoryChanged() {
        waiters.memoryChanged();
    }

    /** A message of a vector has arrived, and was counted. */
    public void interrupted(int vector) {
        waiters.interrupted(vector);
    }

    /** From now on every wait ends with a {@link LinkException} that says {@code what}, and why. */
    public void fail(String what, RuntimeException cause) {
        failure = new Failure(what, cause);
        waiters.wakeAll();
    }

    /** Throws if the link was closed, or has failed. */
    public void checkAlive() {
        if (ended) {
            throw new LinkException("the link is closed");
        }
        Failure why = failure;
        if (why != null) {
            throw new LinkException(why.toString(), why.cause);
        }
    }

    /** Those that {@link #start} has started and that have not ended, by their names. */
    public List<String> working() {
        return workers.stream().map(Thread::getName).sorted().toList();
    }

    /** What {@link #fail} was told, a clause; empty while it was not. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure).map(Failure::toString);
    }

    /** Every wait ends: the link is being closed. */
    public void end() {
        ended = true;
        lookout.end();
        waiters.wakeAll();
    }

    /** Those that must have ended before a closed link is gone. */
    public List<Thread> threads() {
        List<Thread> all = new ArrayList<>(workers);
        all.addAll(lookout.threads());
        return all;
    }

    /** Ends every wait and waits for its threads. */
    @Override
    public void close() {
        end();
        Workers.awaitEnd(threads());
    }

    // ---------------------------------------------------------------- for software above the link

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
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
        if (!meanwhile.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos) {
        return await(condition, deadlineNanos, WaitPolicy.SLEEP, Wakeup.any());
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadlineNanos, WaitPolicy policy, Wakeup wakeup) {
        checkAlive();
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
                if (meanwhile.getAsBoolean()) {
                    until = Math.min(deadlineNanos, Math.max(until, nanos() + BRIEFLY_NANOS));
                } else if (yielding) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            }
            checkAlive();
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
        if (InterruptHold.endsWait()) {
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
                checkAlive();
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
        checkAlive();
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(name, body));
        workers.add(thread);
        thread.start();
        return new FreeWorker(thread);
    }

    private void run(String name, Runnable body) {
        try {
            body.run();
        } catch (LinkException e) {
            if (!ended) {
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
