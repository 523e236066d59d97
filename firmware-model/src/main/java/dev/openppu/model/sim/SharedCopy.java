package dev.openppu.model.sim;

import dev.openppu.hal.posix.LongCopy;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Long copies of a device that runs in real time. Silicon moves bytes without a processor; a model needs one, and host threads that look for the device to finish have one to
 * spare: so a copy is cut into pieces, which the device's thread and those that look take in turn. It has ended when the last piece has, whoever took it.
 */
final class SharedCopy implements BulkCopy {
    /** What is shorter is copied before anybody could help. */
    static final long SHORTEST = 24 << 10;
    /** Short enough that a host thread that helps looks at what it waits for every few microseconds. */
    private static final long PIECE = 16 << 10;

    private static final int LOOKS_BEFORE_YIELD = 1_000;

    private final AtomicReference<@Nullable Job> offered = new AtomicReference<>();

    @Override
    public void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        if (bytes < SHORTEST) {
            LongCopy.copy(from, fromOffset, to, toOffset, bytes);
            return;
        }
        Job job = new Job(from, fromOffset, to, toOffset, bytes);
        if (!offered.compareAndSet(null, job)) {
            LongCopy.copy(from, fromOffset, to, toOffset, bytes); // another thread of the device is at it
            return;
        }
        try {
            job.work();
        } finally {
            offered.set(null);
        }
    }

    /** A thread that has nothing better to do copies a piece, if there is one; returns whether there was. */
    boolean help() {
        Job job = offered.getAcquire();
        return job != null && job.takePiece();
    }

    /** One copy. */
    private static final class Job {
        private final MemorySegment from;
        private final long fromOffset;
        private final MemorySegment to;
        private final long toOffset;
        private final long bytes;
        private final AtomicLong begun = new AtomicLong();
        private final AtomicLong ended = new AtomicLong();
        private volatile @Nullable Throwable failure;

        Job(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
            this.from = from;
            this.fromOffset = fromOffset;
            this.to = to;
            this.toOffset = toOffset;
            this.bytes = bytes;
        }

        /** Copies until nothing is left, and waits for those who help. */
        void work() {
            while (takePiece()) {
            }
            awaitHelpers();
            Throwable why = failure;
            if (why != null) {
                throw new IllegalStateException("memory could not be copied: " + why.getMessage(), why);
            }
        }

        boolean takePiece() {
            long at = begun.get() < bytes ? begun.getAndAdd(PIECE) : bytes;
            if (at >= bytes) {
                return false;
            }
            long piece = Math.min(PIECE, bytes - at);
            try {
                LongCopy.copy(from, fromOffset + at, to, toOffset + at, piece);
            } catch (RuntimeException | Error e) { // memory that its owner has closed: the device's to report
                failure = e;
            } finally {
                ended.addAndGet(piece);
            }
            return true;
        }

        @SuppressWarnings("ThreadPriorityCheck") // who helps may have lost its processor to this thread
        private void awaitHelpers() {
            for (int looks = 0; ended.get() < bytes; looks++) {
                if (looks < LOOKS_BEFORE_YIELD) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        }
    }
}
