package dev.openppu.driver.sync;

import dev.openppu.hal.LinkRuntime;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Mutual exclusion that may be held across waits and device accesses: a contender waits through {@link LinkRuntime#await}, so the holder goes on even
 * where only one thread runs at a time. Not reentrant. Taking a free lock is one compare-and-set and allocates nothing. Waiting is not interruptible (an
 * interrupt stays pending): what the lock guards must not be left half done.
 */
public final class LinkLock {
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(LinkLock.class, "held", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LinkRuntime runtime;
    private final Waiting waiting;
    private volatile boolean held;
    private volatile boolean contended;

    public LinkLock(LinkRuntime runtime) {
        this.runtime = runtime;
        this.waiting = new Waiting(runtime);
    }

    public void lock() {
        while (!HELD.compareAndSet(this, false, true)) {
            contended = true;
            waiting.uninterruptibly(this::free, LinkRuntime.NEVER);
        }
    }

    /** Takes the lock if it is free. */
    public boolean tryLock() {
        return HELD.compareAndSet(this, false, true);
    }

    public void unlock() {
        held = false;
        if (contended) {
            contended = false;
            runtime.wake();
        }
    }

    private boolean free() {
        return !held;
    }
}
