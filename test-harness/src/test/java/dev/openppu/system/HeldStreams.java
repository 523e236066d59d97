package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Stream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A stream that waits for a value that nobody writes, and others, made before and behind it, that wait for that one, and would write then. */
final class HeldStreams {
    private static final int WAITING = 12;

    private final Context context;
    private final PinnedBuffer told;

    HeldStreams(Context context) {
        this.context = context;
        this.told = context.allocatePinned(4L * WAITING);
        PinnedBuffer gate = context.allocatePinned(64);
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i <= WAITING; i++) {
            streams.add(context.createStream());
        }
        Stream held = streams.remove(WAITING / 2);
        held.waitValue32(gate, 0, Compare.EQUAL, 1);
        try (Event end = context.createEvent()) {
            held.record(end);
            for (int i = 0; i < WAITING; i++) {
                streams.get(i).waitFor(end);
                streams.get(i).writeValue32(told, 4L * i, 1);
            }
        }
    }

    /** None of them has written, nor does for a while. */
    void requireNoneLetGo() {
        context.ppu().link().runtime().sleep(TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(told.segment().toArray(ValueLayout.JAVA_INT)).containsOnly(0);
    }
}
