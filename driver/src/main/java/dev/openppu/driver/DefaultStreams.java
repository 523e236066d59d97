package dev.openppu.driver;

import dev.openppu.driver.sync.LinkLock;
import dev.openppu.hal.LinkRuntime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two default streams of a context, and the order that the legacy one keeps with the blocking streams (facts §9.1): what is submitted to it begins when everything
 * submitted to them before has completed, and what is submitted to them afterwards begins when it has completed.
 *
 * <p>Where nothing is unfinished on the other side nothing is submitted for that: one or two acquire loads. Submissions of different threads that are not ordered by
 * these threads are not ordered here either.
 */
final class DefaultStreams {
    private final Context context;
    private final Collection<Stream> streams;
    private final LinkRuntime runtime;
    private final LinkLock lock;
    @SuppressWarnings("ThreadLocalUsage") // a stream of each thread in each context
    private final ThreadLocal<Stream> perThread = new ThreadLocal<>();
    private final List<Owned> owned = new ArrayList<>();
    private volatile @Nullable Stream legacy;
    private volatile @Nullable Stream carrier;
    /** Who submits packets that keep the order, which need none themselves. */
    private volatile @Nullable Thread keeper;

    /** A per-thread stream and whose it is. */
    private record Owned(Thread thread, Stream stream) {}

    /** @param streams all of the context */
    DefaultStreams(Context context, Collection<Stream> streams) {
        this.context = context;
        this.streams = streams;
        this.runtime = context.link().runtime();
        this.lock = new LinkLock(runtime);
    }

    /** Handle 0x1. */
    Stream legacy() {
        Stream existing = legacy;
        if (existing != null) {
            return existing;
        }
        lock.lock();
        try {
            existing = legacy;
            if (existing == null) {
                existing = context.newStream(StreamOptions.defaults(), Stream.LEGACY_HANDLE);
                legacy = existing;
            }
            return existing;
        } finally {
            lock.unlock();
        }
    }

    /** Not ordered with anything. */
    Stream carrier() {
        Stream existing = carrier;
        if (existing != null) {
            return existing;
        }
        lock.lock();
        try {
            existing = carrier;
            if (existing == null) {
                existing = context.newStream(
                        StreamOptions.defaults().withNonBlocking(true).withPriority(PriorityRange.DEVICE.greatest()), 0);
                carrier = existing;
            }
            return existing;
        } finally {
            lock.unlock();
        }
    }

    /** Handle 0x2. */
    Stream perThread() {
        Stream own = perThread.get();
        if (own == null) {
            own = adoptOrCreate();
            perThread.set(own);
        }
        return own;
    }

    /** The stream of a thread that has ended serves another; not under a simulated clock, which does not say when a thread has ended. */
    private Stream adoptOrCreate() {
        lock.lock();
        try {
            Stream stream = null;
            for (Iterator<Owned> all = owned.iterator(); stream == null && !runtime.simulated() && all.hasNext();) {
                Owned candidate = all.next();
                if (!candidate.thread.isAlive() && !candidate.stream.unfinished()) {
                    stream = candidate.stream;
                    all.remove();
                }
            }
            if (stream == null) {
                stream = context.newStream(StreamOptions.defaults(), Stream.PER_THREAD_HANDLE);
            }
            owned.add(new Owned(Thread.currentThread(), stream));
            return stream;
        } finally {
            lock.unlock();
        }
    }

    /** Called before anything is submitted to {@code stream}, without its lock. */
    void before(Stream stream) {
        Stream barrier = legacy;
        if (barrier == null || stream.nonBlocking() || stream != barrier && !barrier.unfinished() || keeper == Thread.currentThread()) {
            return;
        }
        lock.lock();
        keeper = Thread.currentThread();
        try {
            if (stream == barrier) {
                waitForAll(barrier);
            } else {
                stream.waitFor(barrier);
            }
        } finally {
            keeper = null;
            lock.unlock();
        }
    }

    /** Whether nothing is unfinished that {@code stream} is a barrier behind. */
    boolean settled(Stream stream) {
        if (stream != legacy) {
            return true;
        }
        for (Stream other : streams) {
            if (other != stream && !other.nonBlocking() && other.unfinished()) {
                other.announce();
                return false;
            }
        }
        return true;
    }

    /** Waits for what {@code stream} is a barrier behind. */
    void settle(Stream stream, long deadlineNanos) {
        if (stream == legacy) {
            for (Stream other : streams) {
                if (other != stream && !other.nonBlocking()) {
                    other.await(deadlineNanos);
                }
            }
        }
    }

    private void waitForAll(Stream barrier) {
        for (Stream stream : streams) {
            if (stream != barrier && !stream.nonBlocking() && stream.unfinished()) {
                barrier.waitFor(stream);
            }
        }
    }
}
