package dev.openppu.hal.realtime;

import dev.openppu.hal.realtime.HostWaiters.Waiter;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * One thread that looks now and then at what sleeping host threads wait for, so that they need no timers of their own: to arm one for a sleep costs as much as the sleep. It
 * finds what nobody announced, a lost interrupt say, and wakes who has its deadline before it. It begins with the first sleeper, and sleeps itself while
 * there is none.
 *
 * <p>{@link #keepWatch} follows {@link HostWaiters#announce}, which fences: either this thread, about to sleep for long, sees the waiter, or the waiter sees that it sleeps.
 */
final class Lookout {
    /** What a lost interrupt costs at most, for the first seconds of a wait. */
    static final long LOOK_NANOS = 20_000_000;
    /** And afterwards. */
    static final long RARE_LOOK_NANOS = 200_000_000;
    /** A deadline that is nearer than this, the waiter has to keep itself. */
    static final long HORIZON_NANOS = RARE_LOOK_NANOS + 3 * LOOK_NANOS;
    private static final long PATIENCE_NANOS = 2_000_000_000;
    private static final long SHORTEST_NANOS = 1_000_000;
    private static final long NOBODY = Long.MAX_VALUE;

    private final HostWaiters waiters;
    private final LongSupplier clock;
    private final Thread thread;
    /** It sleeps for longer than {@link #LOOK_NANOS}, or has not begun. */
    private volatile boolean dozing = true;
    private volatile boolean begun;
    private volatile boolean ended;
    private long now;
    private long next;

    /** What is known of a waiter; but for its deadline this thread's own. */
    static final class Watch {
        private final long deadline;
        private boolean seen;
        private long since;
        private long next;
        private boolean handedBack;

        Watch(long deadline) {
            this.deadline = deadline;
        }
    }

    Lookout(String name, HostWaiters waiters, LongSupplier clock) {
        this.waiters = waiters;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /** A waiter that has announced itself is about to park without a timer. */
    void keepWatch() {
        if (dozing) {
            rouse();
        }
    }

    private void rouse() {
        dozing = false;
        if (!begun) {
            begin();
        }
        LockSupport.unpark(thread);
    }

    private synchronized void begin() {
        if (!begun && !ended) {
            begun = true;
            thread.start();
        }
    }

    /** What {@link #end} ends. */
    List<Thread> threads() {
        return begun ? List.of(thread) : List.of();
    }

    synchronized void end() {
        ended = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!ended) {
            lookAround();
            if (next - now > LOOK_NANOS) {
                doze();
            } else {
                LockSupport.parkNanos(this, Math.max(next - now, SHORTEST_NANOS));
            }
        }
    }

    /** Nobody has begun to wait for a while. Whoever does from now on rouses this thread, or is seen here. */
    private void doze() {
        dozing = true;
        VarHandle.fullFence();
        lookAround();
        if (dozing && !ended && next - now > LOOK_NANOS) {
            LockSupport.parkNanos(this, next - now);
        }
        dozing = false;
    }

    private void lookAround() {
        now = clock.getAsLong();
        next = NOBODY;
        waiters.forEach(this::look);
    }

    private void look(Waiter waiter) {
        Watch watch = waiter.watch;
        if (!watch.seen) {
            watch.seen = true;
            watch.since = now;
            watch.next = now;
        }
        if (now >= watch.next) {
            waiter.wakeIfDue();
            watch.next = now + (now - watch.since > PATIENCE_NANOS ? RARE_LOOK_NANOS : LOOK_NANOS);
        }
        if (!watch.handedBack && watch.deadline - now < HORIZON_NANOS) {
            watch.handedBack = true;
            waiter.wake();
        }
        next = Math.min(next, watch.next);
    }
}
