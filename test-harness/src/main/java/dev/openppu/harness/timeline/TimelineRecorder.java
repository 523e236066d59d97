package dev.openppu.harness.timeline;

import dev.openppu.hal.LinkRuntime;
import java.util.ArrayList;
import java.util.List;

/** Collects spans and marks while a suite runs. Thread-safe. */
public final class TimelineRecorder {
    private final LinkRuntime runtime;
    private final long origin;
    private final List<Timeline.Span> spans = new ArrayList<>();

    public TimelineRecorder(LinkRuntime runtime) {
        this.runtime = runtime;
        this.origin = runtime.nanos();
    }

    /** Now, from the run's begin. */
    public long now() {
        return runtime.nanos() - origin;
    }

    public synchronized void span(String track, String name, long begin, long end, String kind) {
        spans.add(new Timeline.Span(track, name, begin, end, kind));
    }

    public synchronized Timeline timeline() {
        return new Timeline(origin, spans, List.of());
    }
}
