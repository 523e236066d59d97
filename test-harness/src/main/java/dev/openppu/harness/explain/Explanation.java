package dev.openppu.harness.explain;

import dev.openppu.harness.sim.Life;
import dev.openppu.harness.sim.LifeResult;
import dev.openppu.harness.sim.LifeSpec;
import dev.openppu.harness.timeline.Timeline.Mark;
import dev.openppu.harness.timeline.TraceText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How a life came to its end.
 *
 * @param life what came of it
 * @param lanes threads of the host, then parts of the device, each in the order in which it appears
 * @param rows events in their order
 * @param events how many there were in all
 */
public record Explanation(LifeResult life, List<Lane> lanes, List<Row> rows, long events) {
    /**
     * Who acts.
     *
     * @param actor as the trace calls it
     */
    public record Lane(String actor, boolean host) {
        /** The name alone: {@code tenant-0} of {@code host.2:tenant-0}. */
        public String name() {
            return actor.substring(actor.indexOf(':') + 1);
        }
    }

    /** What an event is, for its colour. */
    public enum Tone {
        ACCESS, STEP, DEVICE, FAULT, LOSS, VIOLATION
    }

    /**
     * An event.
     *
     * @param at simulated nanoseconds
     * @param skipped events between the one before and this one that are not shown
     * @param lane its number
     * @param text decoded; one line
     * @param kind as the trace calls it
     * @param detail as the trace has it
     */
    public record Row(long at, long skipped, int lane, Tone tone, String text, String kind, String detail) {}

    public Explanation {
        lanes = List.copyOf(lanes);
        rows = List.copyOf(rows);
    }

    /**
     * Lives it, with a trace, and looks at the trace's end.
     *
     * @param trace file that is written
     * @param most events that are shown, besides faults from before them
     */
    public static Explanation of(LifeSpec spec, Path trace, int most) throws IOException {
        LifeResult life = Life.of(spec, "&trace=" + trace);
        Tail tail = new Tail(most);
        TraceText.read(trace, 0, tail::add);
        return of(life, tail);
    }

    static Explanation of(LifeResult life, Tail tail) {
        List<Tail.Numbered> events = tail.events();
        List<Lane> lanes = lanes(events);
        List<Row> rows = new ArrayList<>();
        long next = 0;
        for (Tail.Numbered event : events) {
            Mark mark = event.mark();
            rows.add(new Row(mark.at(), event.number() - next, lanes.indexOf(lane(mark)), tone(mark), EventText.of(mark), mark.kind(),
                    mark.detail()));
            next = event.number() + 1;
        }
        return new Explanation(life, lanes, rows, tail.count());
    }

    private static List<Lane> lanes(List<Tail.Numbered> events) {
        Set<Lane> host = new LinkedHashSet<>();
        Set<Lane> device = new LinkedHashSet<>();
        for (Tail.Numbered event : events) {
            Lane lane = lane(event.mark());
            (lane.host() ? host : device).add(lane);
        }
        List<Lane> lanes = new ArrayList<>(host);
        lanes.addAll(device);
        return lanes;
    }

    /** Device events bear the name of the part that they belong to before a dot. */
    private static Lane lane(Mark mark) {
        String actor = mark.track();
        if (mark.kind().equals("event")) {
            int dot = mark.detail().indexOf('.');
            actor = dot < 0 ? "device" : mark.detail().substring(0, dot);
        }
        return new Lane(actor, actor.startsWith("host"));
    }

    private static Tone tone(Mark mark) {
        return switch (mark.kind()) {
            case "strikes" -> Tone.FAULT;
            case "violation" -> Tone.VIOLATION;
            case "loss" -> Tone.LOSS;
            case "step" -> Tone.STEP;
            default -> mark.track().startsWith("host") ? Tone.ACCESS : Tone.DEVICE;
        };
    }
}
