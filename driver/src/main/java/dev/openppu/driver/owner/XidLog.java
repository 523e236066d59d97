package dev.openppu.driver.owner;

import dev.openppu.driver.XidEvent;
import dev.openppu.hal.LinkRuntime;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The last XIDs that a device reported. Thread-safe. */
public final class XidLog {
    private static final int CAPACITY = 1024;

    private final LinkRuntime runtime;
    private final ArrayDeque<XidEvent> events = new ArrayDeque<>();

    public XidLog(LinkRuntime runtime) {
        this.runtime = runtime;
    }

    void add(XidEvent event) {
        synchronized (events) { // nothing inside waits
            if (events.size() == CAPACITY) {
                events.remove();
            }
            events.add(event);
        }
        runtime.wake();
    }

    /** Oldest first. */
    public List<XidEvent> all() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** Waits for one that matches, now or until the deadline. */
    public Optional<XidEvent> await(Predicate<XidEvent> matches, long deadlineNanos) {
        runtime.await(() -> find(matches).isPresent(), deadlineNanos);
        return find(matches);
    }

    private Optional<XidEvent> find(Predicate<XidEvent> matches) {
        synchronized (events) {
            return events.stream().filter(matches).findFirst();
        }
    }
}
