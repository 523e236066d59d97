package dev.openppu.hal.replay;

import dev.openppu.hal.record.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Where what runs and a recording part.
 *
 * @param number of the record, counted from 0
 * @param nanos its time on the recorded link's clock; of the one before if the recording ends there
 * @param thread of host software, as the recording numbers it
 * @param recorded null if the recording has nothing there
 * @param seen null if host software does nothing there
 * @param what one sentence
 * @param ending why the recording ends there, which may be sooner than what was recorded: cut or damaged; empty if it goes on, or is whole
 */
public record Difference(long number, long nanos, int thread, @Nullable RecordedEvent recorded, @Nullable RecordedEvent seen, String what,
        String ending) {
    /** What is recorded where nothing is. */
    public static final String END = "nothing, it ends here";

    /** Without names of registers. */
    public String text() {
        return "record %d, %d ns, thread %d: %s; recorded: %s; seen: %s".formatted(number, nanos, thread, what,
                recorded == null ? END : recorded, seen == null ? "nothing" : seen);
    }
}
