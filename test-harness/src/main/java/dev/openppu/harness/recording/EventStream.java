package dev.openppu.harness.recording;

import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingReader;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A recording with a look ahead. For one thread. */
final class EventStream {
    private static final int LOOK_AHEAD = 256;
    private static final int FAR_AHEAD = 10_000;
    private static final long MOST_AHEAD_BYTES = 32 << 20;

    private final RecordingReader reader;
    private final Deque<RecordedEvent> ahead = new ArrayDeque<>();
    private long aheadBytes;

    EventStream(RecordingReader reader) {
        this.reader = reader;
    }

    @Nullable
    RecordedEvent next() {
        RecordedEvent next = ahead.pollFirst();
        if (next == null) {
            return reader.next();
        }
        aheadBytes -= next.content().length;
        return next;
    }

    /** The next records: many, as the device that is played against may be far ahead. Not to be changed; valid until the next call here. */
    Iterable<RecordedEvent> ahead() {
        lookAhead(FAR_AHEAD);
        return ahead;
    }

    /** Whether the same thread reads the same register again before it does anything else but wait: it polls, and this was not what it waited for. */
    boolean polledAgain(RecordedEvent read) {
        lookAhead(LOOK_AHEAD);
        for (RecordedEvent later : ahead) {
            if (later.kind().call() && later.thread() == read.thread() && !waits(later.kind())) {
                return later.kind() == read.kind() && later.unit() == read.unit() && later.place() == read.place()
                        && later.size() == read.size();
            }
        }
        return false;
    }

    private void lookAhead(int records) {
        while (ahead.size() < records && aheadBytes < MOST_AHEAD_BYTES) {
            RecordedEvent more = reader.next();
            if (more == null) {
                return;
            }
            aheadBytes += more.content().length;
            ahead.addLast(more);
        }
    }

    private static boolean waits(Kind kind) {
        return switch (kind) {
            case CLOCK, SLEEP, WAIT, ARM, DISARM -> true;
            default -> false;
        };
    }
}
