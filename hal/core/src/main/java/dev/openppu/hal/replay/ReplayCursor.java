package dev.openppu.hal.replay;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The place in a recording that is being played. Calls of host software wait here for their turn: they return in the order of the records. Of a recording under the simulated clock one thread runs
 * at a time, as it did then: whoever has taken a record runs until it comes with its next call. Thread-safe.
 */
final class ReplayCursor {
    private static final int NOBODY = -1;
    /** Real time within which some thread goes on, however long it computes between two calls. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** Records behind a difference among which the call is looked for that came instead: threads that meet otherwise do so close by. */
    private static final int LOOKAHEAD = 2_000;

    private final RecordingReader reader;
    private final boolean exact;
    private final boolean seen;
    private final ReplayMemory memory;
    private final ReplayWatch watch;
    private final ThreadLocal<Integer> threads = ThreadLocal.withInitial(this::foreign);
    private final long[] delivered;
    private @Nullable RecordedEvent head;
    private long now;
    private long taken;
    private int foreign;
    private int running;
    private int alive = 1;
    /** What each thread asks for that waits for its turn. */
    private final Map<Integer, RecordedEvent> waiting = new TreeMap<>();
    /** When a thread last came with a call, or had its turn. */
    private long progress = System.nanoTime();
    private boolean closed;
    private @Nullable Difference difference;

    ReplayCursor(RecordingReader reader, ReplayMemory memory, ReplayWatch watch) {
        this.reader = reader;
        this.exact = reader.info().simulated();
        this.seen = exact || reader.info().seenDma();
        this.memory = memory;
        this.watch = watch;
        this.delivered = new long[reader.info().vectors()];
        this.now = reader.info().origin();
        this.head = reader.next();
        threads.set(0);
    }

    private synchronized int foreign() {
        alive++;
        return RecordedEvent.FIRST_FOREIGN_THREAD + foreign++;
    }

    /** This thread is one that was begun. */
    void isThread(int number) {
        threads.set(number);
    }

    /** A thread was begun that will come. */
    synchronized void begun() {
        alive++;
    }

    /** A thread has ended. */
    synchronized void ended() {
        alive--;
        running = NOBODY;
        notifyAll();
    }

    int thread() {
        return threads.get();
    }

    /** Time of the last record. */
    synchronized long now() {
        return now;
    }

    synchronized long delivered(int vector) {
        if (vector < 0 || vector >= delivered.length) {
            throw new LinkException("MSI-X vector %d: the device has %d".formatted(vector, delivered.length));
        }
        return delivered[vector];
    }

    synchronized void forgetDelivered() {
        Arrays.fill(delivered, 0);
    }

    /** Waits for its turn, and takes the record of a call that says {@code asked}. */
    RecordedEvent take(RecordedEvent asked) {
        return take(asked, false);
    }

    /** The same of a wait, which may be interrupted by arming and disarming: records of these come first, one a call. */
    RecordedEvent takeWait(RecordedEvent asked) {
        return take(asked, true);
    }

    private synchronized RecordedEvent take(RecordedEvent asked, boolean wait) {
        int thread = thread();
        arrive(thread, asked);
        RecordedEvent next = head;
        if (next == null) {
            throw differs(null, asked,
                    "the recording ends before this" + (reader.ending().isEmpty() ? "" : " (it " + reader.ending() + ")"));
        }
        boolean failed = next.kind() == Kind.FAILED && next.unit() == asked.kind().code();
        boolean armed = wait && (next.kind() == Kind.ARM || next.kind() == Kind.DISARM);
        if (!failed && !armed && !next.saysTheSame(asked)) {
            throw differs(next, asked, next.kind() == asked.kind() ? "the call says something else" : "another call than the recorded one");
        }
        step(next);
        running = thread;
        return next;
    }

    private void arrive(int thread, RecordedEvent asked) {
        if (running == thread) {
            running = NOBODY;
        }
        progress = System.nanoTime();
        waiting.put(thread, asked);
        notifyAll(); // it may be the turn of another that waits already
        boolean interrupted = false;
        try {
            while (!turn(thread)) {
                if (stuck()) {
                    throw differs(head, asked, "the recording goes on with a thread that has ended");
                }
                try {
                    wait(pause());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            waiting.remove(thread);
            notifyAll();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** All threads wait for their turn, and it is nobody's. */
    private boolean stuck() {
        RecordedEvent next = head;
        return waiting.size() >= alive && (!exact || running == NOBODY) && next != null && !waiting.containsKey(next.thread());
    }

    /** What the device did before the next call is done; returns whether that call is this thread's. */
    private boolean turn(int thread) {
        check();
        if (exact && running != NOBODY) {
            return false;
        }
        playDevice();
        return head == null || head.thread() == thread;
    }

    /** How long to wait for a turn before looking again, in milliseconds. */
    private long pause() {
        long left = progress + PATIENCE_NANOS - System.nanoTime();
        if (left <= 0) {
            throw differs(head, null, standstill());
        }
        return Math.min(1000, TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }

    /** Who waits for what, when nobody goes on. */
    private String standstill() {
        RecordedEvent next = head;
        int late = exact && running != NOBODY || next == null ? running : next.thread();
        return "for %d s no thread has gone on: thread %d comes with no call, as it computes, or waits for something that is not the link's, perhaps of one of the others; for their turn wait %s"
                .formatted(TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS), late, waiting.entrySet().stream()
                        .map(each -> "thread %d (%s)".formatted(each.getKey(), each.getValue())).collect(Collectors.joining(", ")));
    }

    private void playDevice() {
        for (RecordedEvent next = head; next != null && !next.kind().call(); next = head) {
            switch (next.kind()) {
                case DMA_WRITE -> memory.restore(next);
                case IRQ -> count(next);
                case DMA_READ -> compare(next);
                case HOST_WRITE -> written(next);
                default -> {
                    // nothing that host software sees
                }
            }
            step(next);
        }
    }

    private void count(RecordedEvent message) {
        if (message.unit() < delivered.length) {
            delivered[message.unit()] += message.value();
        }
    }

    /** Where nobody saw the device's accesses, it may be the device that wrote this, between two calls of the host's. */
    private void written(RecordedEvent event) {
        if (seen) {
            compare(event);
        } else {
            memory.restore(event);
        }
    }

    /** Where several threads ran at once memory may be another at another moment: only then it is not compared. */
    private void compare(RecordedEvent event) {
        if (exact && !memory.has(event)) {
            throw differs(event, memory.instead(event), event.kind() == Kind.DMA_READ
                    ? "host memory that the device read is different"
                    : "host software wrote something else to memory that the device may read");
        }
    }

    private void step(RecordedEvent event) {
        now = event.nanos();
        progress = System.nanoTime();
        taken++;
        head = reader.next();
        notifyAll();
    }

    /** More content of the call that this thread has just taken. */
    synchronized @Nullable RecordedEvent more() {
        RecordedEvent next = head;
        if (next == null || next.kind() != Kind.MORE || next.thread() != thread()) {
            return null;
        }
        step(next);
        return next;
    }

    /** Host software and the recording part here; returns what to throw. */
    synchronized ReplayDifferenceException differs(@Nullable RecordedEvent recorded, @Nullable RecordedEvent seen, String what) {
        Difference first = difference;
        if (first == null) {
            String order = recorded == null || seen == null || exact ? "" : elsewhere(seen);
            first = new Difference(recorded == null ? taken : recorded.number(), recorded == null ? now : recorded.nanos(),
                    seen == null ? recorded == null ? 0 : recorded.thread() : seen.thread(), recorded, seen, what + order,
                    recorded == null ? reader.ending() : "");
            difference = first;
            notifyAll();
            watch.differs(first);
        }
        return new ReplayDifferenceException(reader.path().toString(), first);
    }

    /** Where another thread makes the call a little later, if one does: then it may be the threads' order alone that differs. Reads on: the recording is not played any further. */
    private String elsewhere(RecordedEvent seen) {
        for (int i = 0; i < LOOKAHEAD; i++) {
            RecordedEvent later = reader.next();
            if (later == null) {
                return "";
            }
            if (later.thread() != seen.thread() && later.saysTheSame(seen)) {
                return "; thread %d makes this call in record %d, %,d ns later: it may be the order of the threads alone that differs, since this recording was made free running"
                        .formatted(later.thread(), later.number(), later.nanos() - now);
            }
        }
        return "";
    }

    private void check() {
        Difference found = difference;
        if (found != null) {
            throw new ReplayDifferenceException(reader.path().toString(), found);
        }
        if (closed) {
            throw new LinkException("the link is closed");
        }
    }

    /** Idempotent. */
    void close() {
        try {
            synchronized (this) {
                if (closed) {
                    return;
                }
                if (difference == null) {
                    take(RecordedEvent.asked(thread(), Kind.CLOSE, 0, 0, 0, 0));
                    watch.ended(taken, reader.ending());
                }
            }
        } finally {
            synchronized (this) {
                closed = true;
                notifyAll();
            }
            reader.close();
        }
    }
}
