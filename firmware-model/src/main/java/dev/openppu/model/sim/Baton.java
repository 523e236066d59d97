package dev.openppu.model.sim;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which host thread runs: exactly one at a time holds the baton.
 *
 * <p>Protocol: the holder gives the baton by making the other the holder, setting its flag (volatile) and unparking it; then it parks until its own flag is set. What
 * the holder has written is visible to the next one. Threads that come from outside queue up as newcomers; the holder looks for them where it dispatches. If the holder
 * ends without giving it to anybody, the {@link BatonWatch} wakes those that wait, and one of them takes it.
 */
final class Baton {
    private static final System.Logger LOG = System.getLogger(Baton.class.getName());
    /** Looks of the watch. */
    private static final int PATIENCE = 100;

    private final Iterable<HostThread> known;
    private volatile @Nullable HostThread holder;
    private volatile boolean knocking;
    private volatile boolean closed;
    private volatile @Nullable String stuck;
    private final Object door = new Object();
    private final Queue<HostThread> newcomers = new ArrayDeque<>();
    private final Queue<HostThread> interrupted = new ArrayDeque<>();
    /** The watch's alone. */
    private @Nullable HostThread seen;
    private int looks;

    /** @param known the threads of the simulation, those apart that have just come; may be walked at any time */
    Baton(Iterable<HostThread> known) {
        this.known = known;
        BatonWatch.add(this);
    }

    /** The calling thread, if it holds the baton. */
    @Nullable
    HostThread held() {
        HostThread h = holder;
        return h != null && h.thread == Thread.currentThread() ? h : null;
    }

    boolean closed() {
        return closed;
    }

    /** Why nobody gets the baton any more although the simulation was not ended: its holder waits for a monitor that a thread has which waits for the baton. */
    @Nullable
    String stuck() {
        return stuck;
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
        while (!self.takeBaton()) {
            if (closed) {
                return true;
            }
            LockSupport.park(this);
            if (Thread.interrupted()) {
                announceInterrupt(self);
            }
            if (takeOverFromDead(self)) {
                return false;
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

    /**
     * The watch's look: wakes everyone if the holder has ended, ends the simulation of one that waits for a monitor for long, and warns of one that waits for something else where simulated time does
     * not pass.
     */
    void look() {
        HostThread h = holder;
        looks = h == seen ? looks + 1 : 0;
        seen = h;
        if (h == null) {
            return;
        }
        if (!h.thread.isAlive()) {
            wakeAll();
        } else if (looks == PATIENCE && somebodyElse(h)) {
            if (h.thread.getState() == Thread.State.BLOCKED) {
                giveUp(h);
            } else {
                warnIfWaiting(h);
            }
        }
    }

    private boolean somebodyElse(HostThread than) {
        synchronized (door) {
            if (!newcomers.isEmpty()) {
                return true;
            }
        }
        for (HostThread thread : known) {
            if (thread != than) {
                return true;
            }
        }
        return false;
    }

    /** Who has the monitor cannot let go of it before it has the baton: as it ends with an exception, it does. */
    private void giveUp(HostThread h) {
        StackTraceElement[] stack = h.thread.getStackTrace();
        stuck = "simulation deadlock: thread %s has the baton and waits for a monitor, which a thread holds that waits for the baton%s; nobody may use the link inside synchronized"
                .formatted(h.thread.getName(), stack.length == 0 ? "" : ", at " + stack[0]);
        close();
    }

    private static void warnIfWaiting(HostThread h) {
        Thread.State state = h.thread.getState();
        if (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) {
            LOG.log(System.Logger.Level.WARNING,
                    "simulated time stands still: thread {0} has the baton and waits outside the link for long;"
                            + " wait through LinkRuntime.await or Worker.join instead of a bare join, get or wait",
                    h.thread.getName());
        }
    }

    /** Wakes everyone that waits for the baton; nobody gets it any more. */
    void close() {
        closed = true;
        BatonWatch.remove(this);
        wakeAll();
    }

    private void wakeAll() {
        known.forEach(t -> LockSupport.unpark(t.thread));
        synchronized (door) {
            newcomers.forEach(t -> LockSupport.unpark(t.thread));
        }
    }
}
