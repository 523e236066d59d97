package dev.openppu.model.sim;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which host thread runs: exactly one at a time holds the baton.
 *
 * <p>Protocol: the holder gives the baton by making the other the holder, setting its flag (volatile) and unparking it; then it parks until its own flag is set. What
 * the holder has written is visible to the next one. Threads that come from outside queue up as newcomers; the holder looks for them where it dispatches.
 */
final class Baton {
    private static final System.Logger LOG = System.getLogger(Baton.class.getName());
    private static final long PATIENCE_NANOS = 100_000_000;
    private static final int PATIENCE_BEFORE_WARNING = 100;

    private volatile @Nullable HostThread holder;
    private volatile boolean knocking;
    private volatile boolean closed;
    private final Object door = new Object();
    private final Queue<HostThread> newcomers = new ArrayDeque<>();
    private final Queue<HostThread> interrupted = new ArrayDeque<>();
    private boolean warned;

    /** The calling thread, if it holds the baton. */
    @Nullable
    HostThread held() {
        HostThread h = holder;
        return h != null && h.thread == Thread.currentThread() ? h : null;
    }

    boolean closed() {
        return closed;
    }

    /** Newcomers or interrupted threads wait for the holder's attention. */
    boolean knocking() {
        return knocking;
    }

    @Nullable
    HostThread nextNewcomer() {
        synchronized (door) {
            HostThread next = newcomers.poll();
            settleKnocking();
            return next;
        }
    }

    @Nullable
    HostThread nextInterrupted() {
        synchronized (door) {
            HostThread next = interrupted.poll();
            settleKnocking();
            return next;
        }
    }

    private void settleKnocking() {
        knocking = !newcomers.isEmpty() || !interrupted.isEmpty();
    }

    /** Takes the baton if nobody holds it; else the thread is a newcomer and must {@link #await} it. */
    boolean takeOrQueue(HostThread self) {
        synchronized (door) {
            if (holder == null) {
                holder = self;
                return true;
            }
            newcomers.add(self);
            knocking = true;
            return false;
        }
    }

    /** Lets go of the baton; false if a newcomer has come, who must be served first. */
    boolean free() {
        synchronized (door) {
            if (!newcomers.isEmpty()) {
                return false;
            }
            holder = null;
            return true;
        }
    }

    void give(HostThread next) {
        holder = next;
        next.giveBaton();
    }

    /**
     * Parks until the thread is given the baton.
     *
     * @return false if it took the baton over from a thread that has ended while holding it: it must dispatch
     */
    boolean await(HostThread self) {
        int patience = 0;
        while (!self.takeBaton()) {
            if (closed) {
                return true;
            }
            LockSupport.parkNanos(this, PATIENCE_NANOS);
            if (Thread.interrupted()) {
                announceInterrupt(self);
            }
            if (takeOverFromDead(self)) {
                return false;
            }
            if (++patience == PATIENCE_BEFORE_WARNING) {
                warnOfHolderThatWaitsOutside();
            }
        }
        return true;
    }

    private void announceInterrupt(HostThread self) {
        self.interruptSwallowed = true;
        if (self.interruptExpected) {
            return;
        }
        synchronized (door) {
            interrupted.add(self);
            knocking = true;
        }
    }

    private boolean takeOverFromDead(HostThread self) {
        HostThread h = holder;
        if (h == null || h == self || h.thread.isAlive()) {
            return false;
        }
        synchronized (door) {
            if (holder != h) {
                return false;
            }
            h.ended = true;
            holder = self;
            return true;
        }
    }

    private void warnOfHolderThatWaitsOutside() {
        HostThread h = holder;
        if (h == null || warned) {
            return;
        }
        Thread.State state = h.thread.getState();
        if (state == Thread.State.WAITING || state == Thread.State.BLOCKED || state == Thread.State.TIMED_WAITING) {
            warned = true;
            LOG.log(System.Logger.Level.WARNING,
                    "simulated time stands still: thread {0} has the baton and waits outside the link for long;"
                            + " wait through LinkRuntime.await or Worker.join instead of a bare join, get or wait",
                    h.thread.getName());
        }
    }

    /** Wakes everyone that waits for the baton; nobody gets it any more. */
    void close(Iterable<HostThread> known) {
        closed = true;
        known.forEach(t -> LockSupport.unpark(t.thread));
        synchronized (door) {
            newcomers.forEach(t -> LockSupport.unpark(t.thread));
        }
    }
}
