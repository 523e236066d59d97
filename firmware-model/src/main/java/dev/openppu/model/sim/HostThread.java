package dev.openppu.model.sim;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A host thread as the simulation knows it. Fields that are not volatile belong to whoever holds the baton. */
final class HostThread {
    final Thread thread;
    String name;

    /** When it is to run next, if {@link #scheduled}. */
    boolean scheduled;
    long wakeTime;
    long wakeRank;

    /** What it waits for, between the begin and the end of a wait; {@link #wakeSeen} says that it held once and the thread has been scheduled for it. */
    @Nullable
    BooleanSupplier condition;
    boolean wakeSeen;
    long deadline;

    /** To be thrown when it runs next. */
    @Nullable
    RuntimeException failure;

    volatile boolean ended;

    /** Software above the link asked for it; any other has come by itself. */
    boolean begunHere;

    /** Taken from the thread's own flag while it was parked; the thread sets its flag again when it leaves the simulation. */
    boolean interruptSwallowed;

    /** A worker's interrupt comes from the simulation itself, which then needs no announcement of it. */
    volatile boolean interruptExpected;

    private volatile boolean baton;

    HostThread(String name, Thread thread) {
        this.thread = thread;
        this.name = name;
    }

    void schedule(long time, long rank) {
        scheduled = true;
        wakeTime = time;
        wakeRank = rank;
    }

    boolean comesBefore(HostThread other) {
        return EventQueue.before(wakeTime, wakeRank, other.wakeTime, other.wakeRank);
    }

    void giveBaton() {
        baton = true;
        LockSupport.unpark(thread);
    }

    boolean takeBaton() {
        if (!baton) {
            return false;
        }
        baton = false;
        return true;
    }
}
