package dev.openppu.harness.sim.work;

import dev.openppu.driver.Context;
import dev.openppu.driver.Event;
import dev.openppu.driver.EventFlag;
import dev.openppu.driver.Stream;
import dev.openppu.harness.sim.check.Invariant;
import java.util.ArrayList;
import java.util.List;

/** Events that a stream waits for itself, and more of them at a time than fit into one page of the memory for their times. */
final class EventSteps {
    /** Times that one page takes are 64, and what closed events have left is used first. */
    private static final int EVENTS = 72;
    /** From the third record on there are times to be stored that nobody asks for any more. */
    private static final int LEAST_TIMES = 3;
    private static final int MOST_TIMES = 6;

    private final Workbench bench;
    private final Context context;

    EventSteps(Workbench bench) {
        this.bench = bench;
        this.context = bench.context();
    }

    void perform(Step step) {
        switch (step.kind()) {
            case OWN_EVENT -> own(step, bench.stream(step));
            case EVENTS -> many(step, bench.stream(step));
            default -> throw new IllegalArgumentException(step + " is not about events alone");
        }
    }

    /** A stream that waits for what it has done before has no less to do for that: who waits for it waits for all of it. */
    private void own(Step step, Stream stream) {
        Contents contents = bench.buffer(step);
        bench.order(contents, stream, step);
        try (Event event = step.below(30, 2) == 0 ? context.createEvent() : context.createEvent(EventFlag.DISABLE_TIMING)) {
            bench.delay(step, stream);
            stream.record(event);
            bench.lookLater(step, stream, contents);
            stream.waitFor(event);
            bench.synchronize(stream);
        }
    }

    /** One event is recorded again and again, and closed; then come many, whose memory nobody else uses: their times are in the order of their stream. */
    private void many(Step step, Stream stream) {
        try (Event again = context.createEvent()) {
            for (int times = LEAST_TIMES + step.below(30, MOST_TIMES - LEAST_TIMES); times > 0; times--) {
                stream.record(again);
                if (step.below(40 + times, 2) == 0) {
                    bench.synchronize(stream);
                }
            }
        }
        List<Event> events = new ArrayList<>(EVENTS);
        try (Stream.Batch _ = stream.batch()) {
            for (int i = 0; i < EVENTS; i++) {
                Event event = context.createEvent();
                stream.record(event);
                events.add(event);
            }
        }
        bench.synchronize(stream);
        for (int i = 1; i < EVENTS; i++) {
            long nanos = events.get(i).nanosSince(events.get(i - 1));
            if (nanos < 0) {
                bench.rules().broken(Invariant.ORDER,
                        "%s in %s: %s is %d ns before %s, which it is behind".formatted(step, stream, events.get(i), -nanos,
                                events.get(i - 1)),
                        "a time that is not before");
            }
        }
        events.forEach(Event::close);
    }
}
