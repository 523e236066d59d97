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

    private final RecordingReader reader;
    private final Deque<RecordedEvent> ahead = new ArrayDeque<>();

    EventStream(RecordingReader reader) {
        this.reader = reader;
    }

    @Nullable
    RecordedEvent next() {
        return ahead.isEmpty() ? reader.next() : ahead.pollFirst();
    }

    /** Whether the same thread reads the same register again before it does anything else but wait: it polls, and this was not what it waited for. */
    boolean polledAgain(RecordedEvent read) {
        while (ahead.size() < LOOK_AHEAD) {
            RecordedEvent more = reader.next();
            if (more == null) {
                break;
            }
            ahead.addLast(more);
        }
        for (RecordedEvent later : ahead) {
            if (later.kind().call() && later.thread() == read.thread() && !waits(later.kind())) {
                return later.kind() == read.kind() && later.unit() == read.unit() && later.place() == read.place()
                        && later.size() == read.size();
            }
        }
        return false;
    }

    private static boolean waits(Kind kind) {
        return switch (kind) {
            case CLOCK, SLEEP, WAIT, ARM, DISARM -> true;
            default -> false;
        };
    }
}
