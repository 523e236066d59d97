package dev.openppu.hal.replay;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.Thrown;

/** Calls of host software, answered from the recording. Thread-safe. */
final class ReplayCalls {
    private static final byte[] NOTHING = {};

    private final ReplayCursor cursor;

    ReplayCalls(ReplayCursor cursor) {
        this.cursor = cursor;
    }

    RecordedEvent call(Kind kind, int unit, long place, long size, long value) {
        return call(kind, unit, place, size, value, NOTHING);
    }

    RecordedEvent call(Kind kind, int unit, long place, long size, long value, byte[] content) {
        return answered(cursor.take(RecordedEvent.asked(cursor.thread(), kind, unit, place, size, value, content)));
    }

    /** The next record of a wait: its end, or something on the way to it. */
    RecordedEvent waited(long deadlineNanos) {
        return answered(cursor.takeWait(RecordedEvent.asked(cursor.thread(), Kind.WAIT, 0, 0, 0, deadlineNanos)));
    }

    private static RecordedEvent answered(RecordedEvent event) {
        if (event.kind() != Kind.FAILED) {
            return event;
        }
        Thrown thrown = Thrown.values()[(int) Math.floorMod(event.value(), (long) Thrown.values().length)];
        if (thrown == Thrown.WAIT_INTERRUPTED) {
            Thread.currentThread().interrupt();
        }
        throw thrown.again(event.text());
    }

    RecordedEvent more() {
        RecordedEvent more = cursor.more();
        if (more == null) {
            throw cannot("the content of this call is not whole in the recording");
        }
        return more;
    }

    LinkException cannot(String what) {
        return cursor.differs(null, null, what);
    }
}
