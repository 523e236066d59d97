package dev.openppu.hal.library;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;

/** A shared arena that calls under way hold while they last. Thread-safe. */
public final class CallsArena {
    private static final long PAUSE_NANOS = 100_000;

    private final Arena arena = Arena.ofShared();

    /** For what calls are given. */
    public Arena arena() {
        return arena;
    }

    /** Whether calls may still begin. */
    public boolean open() {
        return arena.scope().isAlive();
    }

    /** No new calls begin, and those under way end: a call never waits for its caller. Idempotent. */
    public void end() {
        while (open()) {
            try {
                arena.close();
            } catch (IllegalStateException e) {
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }
}
