package dev.openppu.harness.explain;

import dev.openppu.harness.timeline.Timeline.Mark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The events of a trace that explain how it ended: the last ones before what was violated; where nothing was, those around the last fault; else the last of all. Keeps no more of a
 * trace than that, its faults, and the step that each thread is at. For one thread.
 */
final class Tail {
    private final int most;
    private final Deque<Numbered> ring = new ArrayDeque<>();
    private final List<Numbered> faults = new ArrayList<>();
    private final Map<String, Numbered> stepsBefore = new LinkedHashMap<>();
    private List<Numbered> aroundFault = List.of();
    private long count;
    private int untilSnapshot = -1;
    private boolean violated;

    /**
     * An event and which one it is.
     *
     * @param number from 0, among those that are drawn at all
     */
    record Numbered(long number, Mark mark) {}

    /** @param most events that are kept */
    Tail(int most) {
        this.most = most;
    }

    void add(Mark mark) {
        if (violated || isNoise(mark)) {
            return;
        }
        Numbered event = new Numbered(count++, mark);
        ring.addLast(event);
        if (ring.size() > most) {
            forget(ring.removeFirst());
        }
        if (mark.kind().equals("strikes")) {
            faults.add(event);
            untilSnapshot = most / 3;
        } else if (untilSnapshot >= 0 && untilSnapshot-- == 0) {
            aroundFault = withStepsBefore();
        }
        violated = mark.kind().equals("violation");
    }

    private void forget(Numbered event) {
        if (event.mark().kind().equals("step")) {
            stepsBefore.put(event.mark().track(), event);
        }
    }

    private List<Numbered> withStepsBefore() {
        return Stream.concat(stepsBefore.values().stream(), ring.stream()).toList();
    }

    /** What the scheduler does, and what is said by the line beside it. */
    private static boolean isNoise(Mark mark) {
        return mark.kind().equals("run")
                || mark.kind().equals("event") && (mark.detail().endsWith("-arrives") || mark.detail().endsWith(".step"));
    }

    /** In their order; among them the last step before them of each thread, and every fault before them. */
    List<Numbered> events() {
        boolean snapshot = !violated && untilSnapshot < 0 && !aroundFault.isEmpty();
        List<Numbered> last = snapshot ? aroundFault : withStepsBefore();
        long end = last.isEmpty() ? 0 : last.getLast().number();
        return Stream.concat(last.stream(), faults.stream().filter(fault -> fault.number() <= end)).distinct()
                .sorted(Comparator.comparingLong(Numbered::number)).toList();
    }

    /** How many there were in all, up to what was violated. */
    long count() {
        return count;
    }
}
