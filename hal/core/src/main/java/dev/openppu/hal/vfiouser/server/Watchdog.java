package dev.openppu.hal.vfiouser.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Ends what was begun and does not come to its end in time. A thread of its own looks a few times a second. */
final class Watchdog implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final long limitNanos;
    private final Set<Watched> all = ConcurrentHashMap.newKeySet();
    private final Thread thread = Thread.ofPlatform().daemon().name("ppu-serve-watchdog").unstarted(this::look);
    private volatile boolean ended;

    Watchdog(long limitNanos) {
        this.limitNanos = limitNanos;
        thread.start();
    }

    /** @param end is called, once, when something takes too long */
    Watched watch(Runnable end) {
        Watched watched = new Watched(end);
        all.add(watched);
        return watched;
    }

    private void look() {
        while (!ended) {
            all.forEach(Watched::look);
            LockSupport.parkNanos(Math.min(LOOK_NANOS, limitNanos));
        }
    }

    @Override
    public void close() {
        ended = true;
        LockSupport.unpark(thread);
        Threads.join(thread);
    }

    /** Something that is done again and again. {@link #begin} and {@link #end} cost a clock and a store. */
    final class Watched implements AutoCloseable {
        private static final long IDLE = Long.MIN_VALUE;

        private final Runnable onTimeOut;
        private volatile long begun = IDLE;
        private volatile boolean expired;

        private Watched(Runnable onTimeOut) {
            this.onTimeOut = onTimeOut;
        }

        /** Once begun, a second beginning changes nothing. */
        void begin() {
            if (begun == IDLE) {
                begun = System.nanoTime();
            }
        }

        void end() {
            begun = IDLE;
        }

        boolean expired() {
            return expired;
        }

        private void look() {
            long since = begun;
            if (since != IDLE && !expired && System.nanoTime() - since > limitNanos) {
                expired = true;
                onTimeOut.run();
            }
        }

        @Override
        public void close() {
            all.remove(this);
        }
    }
}
