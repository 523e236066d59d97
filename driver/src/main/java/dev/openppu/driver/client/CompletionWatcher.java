package dev.openppu.driver.client;

import dev.openppu.driver.sync.LinkLock;
import dev.openppu.driver.sync.Waiting;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.WaitPolicy;
import dev.openppu.hal.irq.Wakeup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Says when work has ended to those who do not wait for it: one thread of the link's per device, begun by the first of them. What the application does then is done elsewhere
 * ({@link CallbackThreads}).
 *
 * <p>Work stands in one line per channel, ordered by its end, so a look costs as much as there are channels, however much is watched; a piece of work costs the logarithm
 * of its line. Thread-safe.
 */
public final class CompletionWatcher implements AutoCloseable {
    /** Somebody who wants to know. */
    public interface Watched {
        /** The end of the work. */
        Mark mark();

        /** Called once, on the watcher's thread, when the work has ended, well or badly; runs nothing of the application's, and does not wait. */
        void complete();

        /** Called once in place of {@link #complete}: the device is closed. */
        void abandon();
    }

    private final LinkRuntime runtime;
    private final long drainNanos;
    private final LinkLock lock;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final Lines wakeup = new Lines();
    private long order;
    /** Counts the lines that have come to have work: their interrupts want to be armed. */
    private final AtomicLong begun = new AtomicLong();
    private LinkRuntime.@Nullable Worker worker;
    private volatile boolean closing;

    private record Entry(Watched work, long target, long order) {}

    /** What is watched of one channel; guarded by the lock but for {@code next}. */
    private static final class Line {
        private static final long NOTHING = Long.MAX_VALUE;

        private final CommandQueue queue;
        private final PriorityQueue<Entry> work = new PriorityQueue<>(
                Comparator.comparingLong(Entry::target).thenComparingLong(Entry::order));
        private volatile long next = NOTHING;

        Line(CommandQueue queue) {
            this.queue = queue;
        }

        void add(Entry entry) {
            work.add(entry);
            look();
        }

        @Nullable
        Entry takeEnded() {
            Entry first = work.peek();
            if (first == null || !queue.reached(first.target) && !queue.stopped()) {
                return null;
            }
            work.remove();
            look();
            return first;
        }

        private void look() {
            Entry first = work.peek();
            next = first == null ? NOTHING : first.target;
        }

        boolean waiting() {
            return next != NOTHING;
        }

        boolean due() {
            return waiting() && (queue.reached(next) || queue.stopped());
        }
    }

    /** Interrupts of all lines that have work. Used by the one thread. */
    private final class Lines implements Wakeup {
        private List<Line> armed = List.of();

        @Override
        public int vector() {
            return ANY;
        }

        @Override
        public long arm() {
            armed = lines.stream().filter(Line::waiting).toList();
            long again = Long.MAX_VALUE;
            for (Line line : armed) {
                again = Math.min(again, line.queue.interrupt().arm());
            }
            return again;
        }

        @Override
        public void disarm() {
            armed.forEach(line -> line.queue.interrupt().disarm());
            armed = List.of();
        }
    }

    /** @param drainNanos longest that closing waits for its thread */
    public CompletionWatcher(LinkRuntime runtime, long drainNanos) {
        this.runtime = runtime;
        this.drainNanos = drainNanos;
        this.lock = new LinkLock(runtime);
    }

    public void watch(Watched work) {
        Mark mark = work.mark();
        mark.channel().queue().flush(mark.target());
        boolean wake;
        lock.lock();
        try {
            if (closing) {
                work.abandon();
                return;
            }
            Line line = line(mark.channel().queue());
            wake = !line.waiting();
            line.add(new Entry(work, mark.target(), order++));
            if (wake) {
                begun.incrementAndGet();
            }
            if (worker == null) {
                worker = runtime.start("ppu-completions", this::run);
            }
        } finally {
            lock.unlock();
        }
        if (wake || mark.reached()) {
            runtime.wake();
        }
    }

    private Line line(CommandQueue queue) {
        for (Line line : lines) {
            if (line.queue == queue) {
                return line;
            }
        }
        lines.removeIf(line -> !line.waiting() && line.queue.stopped());
        Line line = new Line(queue);
        lines.add(line);
        return line;
    }

    private void run() {
        while (!closing) {
            long seen = begun.get();
            runtime.await(() -> closing || begun.get() != seen || anyDue(), LinkRuntime.NEVER, WaitPolicy.SLEEP, wakeup);
            for (Line line : lines) {
                completeEnded(line);
            }
        }
    }

    private boolean anyDue() {
        for (Line line : lines) {
            if (line.due()) {
                return true;
            }
        }
        return false;
    }

    private void completeEnded(Line line) {
        while (line.due() && !closing) {
            Entry ended;
            lock.lock();
            try {
                ended = line.takeEnded();
            } finally {
                lock.unlock();
            }
            if (ended != null) {
                ended.work.complete();
            }
        }
    }

    /** Ends the thread and abandons what is left. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        LinkRuntime.Worker running = worker;
        closing = true;
        worker = null;
        lock.unlock();
        if (running != null) {
            runtime.wake();
            new Waiting(runtime).uninterrupted(() -> running.join(runtime.deadline(drainNanos)));
        }
        takeAll().forEach(left -> left.work.abandon());
    }

    private List<Entry> takeAll() {
        List<Entry> left = new ArrayList<>();
        lock.lock();
        try {
            for (Line line : lines) {
                for (Entry entry = line.work.poll(); entry != null; entry = line.work.poll()) {
                    left.add(entry);
                }
            }
        } finally {
            lock.unlock();
        }
        return left;
    }
}
