package dev.openppu.harness.timeline;

import java.util.List;

/**
 * What happened when, on tracks. Times are nanoseconds of the link's clock from the run's begin.
 *
 * @param origin the link's time at the run's begin
 * @param spans things that took time
 * @param marks things that happened at an instant
 */
public record Timeline(long origin, List<Span> spans, List<Mark> marks) {
    public Timeline {
        spans = List.copyOf(spans);
        marks = List.copyOf(marks);
    }

    /**
     * @param track who: {@code stages}, {@code cases}, {@code driver}
     * @param kind one word for its colour: {@code passed}, {@code failed}, {@code stage} …
     */
    public record Span(String track, String name, long begin, long end, String kind) {}

    /**
     * @param track the device's part that acted, as the link's trace calls it
     * @param kind one word, as the link's trace calls it
     * @param detail one line
     */
    public record Mark(String track, String kind, long at, String detail) {}

    /** This timeline with the device's events beside it. */
    public Timeline with(List<Mark> events) {
        return new Timeline(origin, spans, events);
    }
}
