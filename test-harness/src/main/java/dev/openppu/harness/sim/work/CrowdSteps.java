package dev.openppu.harness.sim.work;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Stream;
import dev.openppu.driver.StreamOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * More streams than a context has hardware queues for: those that come last share a queue with one of the first, and go on in another, behind what they have submitted, when they wait for a value. Each copies more than is done
 * soon, and reads the end of it.
 */
final class CrowdSteps {
    /** As many streams of one priority have a queue each, unless the driver was told otherwise. */
    private static final int QUEUES = 8;
    private static final int LOG2_PACKETS = 4;
    private static final int MOST_NEWCOMERS = 3;
    private static final int BYTES = 384 << 10;
    /** Words at the end that are other ones in every copy. */
    private static final int END_WORDS = 64;
    private static final long END_BYTES = END_WORDS * (long) Integer.BYTES;
    /** Where in pinned memory the end is copied back to, and where the value is that streams wait for. */
    private static final long BACK = BYTES;
    private static final long GATE = BACK + END_BYTES;

    private final Workbench bench;
    private final Context context;
    private @Nullable Crowd crowd;

    CrowdSteps(Workbench bench) {
        this.bench = bench;
        this.context = bench.context();
    }

    /** The first of them, and the memory of all, are there from the first step on. */
    void perform(Step step) {
        Crowd present = crowd;
        if (present == null) {
            present = new Crowd();
            crowd = present;
        }
        present.perform(step);
    }

    private Stream stream() {
        return context.createStream(StreamOptions.defaults().withLog2Packets(LOG2_PACKETS));
    }

    private final class Crowd {
        private final List<Stream> first = new ArrayList<>(QUEUES);
        private final PinnedBuffer pinned = context.allocatePinned(GATE + Long.BYTES);
        private final DeviceBuffer buffer = context.allocate(BYTES);
        private long opened;

        Crowd() {
            for (int i = 0; i < QUEUES; i++) {
                first.add(stream());
            }
            open();
        }

        void perform(Step step) {
            List<Stream> newcomers = new ArrayList<>(MOST_NEWCOMERS);
            for (int i = 1 + step.below(30, MOST_NEWCOMERS); i > 0; i--) {
                newcomers.add(stream());
            }
            for (int i = 0; i < newcomers.size(); i++) {
                if (step.below(40 + i, 4) == 0) {
                    behind(step, newcomers.get(i), first.get(step.below(50 + i, QUEUES)));
                } else {
                    moved(step, newcomers.get(i), i);
                }
            }
            newcomers.forEach(Stream::close);
        }

        /** A stream waits for a value behind one copy that is under way still, and before another one that reads what that has written. The value is there already, or comes when all is submitted. */
        private void moved(Step step, Stream stream, int which) {
            int[] numbers = copyIn(step, stream, which);
            opened++;
            boolean early = step.below(60 + which, 2) == 0;
            if (early) {
                open();
            }
            stream.waitValue64(pinned, GATE, Compare.EQUAL, opened);
            copyEndBack(stream);
            open();
            lookAtEnd(step, stream, numbers, "behind a wait for a value");
        }

        private void open() {
            pinned.segment().set(ValueLayout.JAVA_LONG, GATE, opened);
        }

        /** A stream waits for an event of another one, whose queue it may share, with work of its own that comes behind it already. */
        private void behind(Step step, Stream stream, Stream other) {
            try (Event event = context.createEvent(EventFlag.DISABLE_TIMING)) {
                bench.delay(step, other);
                other.record(event);
                int[] numbers = copyIn(step, stream, 0);
                copyEndBack(stream);
                stream.waitFor(event);
                lookAtEnd(step, stream, numbers, "before a wait for " + event);
                other.synchronize();
            }
        }

        private int[] copyIn(Step step, Stream stream, int which) {
            int[] numbers = new int[END_WORDS];
            int number = step.below(70 + which, Integer.MAX_VALUE);
            for (int i = 0; i < END_WORDS; i++) {
                numbers[i] = number + i;
            }
            pinned.segment().asSlice(BYTES - END_BYTES, END_BYTES).copyFrom(MemorySegment.ofArray(numbers));
            stream.copy(buffer, 0, pinned, 0, BYTES);
            return numbers;
        }

        private void copyEndBack(Stream stream) {
            stream.copy(pinned, BACK, buffer, BYTES - END_BYTES, END_BYTES);
        }

        private void lookAtEnd(Step step, Stream stream, int[] numbers, String where) {
            stream.synchronize();
            Contents.compare(bench.rules(), "%s in %s: what was copied in %s, %s".formatted(step, bench, stream, where), numbers,
                    pinned.segment().asSlice(BACK, END_BYTES));
        }
    }
}
