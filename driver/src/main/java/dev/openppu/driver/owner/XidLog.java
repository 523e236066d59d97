package dev.openppu.driver.owner;

import dev.openppu.abi.error.RecoveryAction;
import dev.openppu.abi.error.Remedy;
import dev.openppu.driver.XidEvent;
import dev.openppu.hal.LinkRuntime;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The last XIDs that a device reported. Thread-safe. */
public final class XidLog {
    /** Older ones are forgotten. */
    public static final int CAPACITY = 1024;

    private final LinkRuntime runtime;
    private final ArrayDeque<XidEvent> events = new ArrayDeque<>();
    private final Map<Remedy, Integer> counts = new EnumMap<>(Remedy.class);
    private Remedy worst = Remedy.RELAUNCH;

    public XidLog(LinkRuntime runtime) {
        this.runtime = runtime;
    }

    void add(XidEvent event) {
        synchronized (events) { // nothing inside waits
            if (events.size() == CAPACITY) {
                events.remove();
            }
            events.add(event);
            counts.merge(event.remedy(), 1, Integer::sum);
            if (event.remedy().compareTo(worst) > 0) {
                worst = event.remedy();
            }
        }
        runtime.wake();
    }

    /** A new epoch begins: what was reported before asks for nothing any more. */
    void epoch() {
        synchronized (events) {
            worst = Remedy.RELAUNCH;
        }
    }

    /** How many there were, in all epochs, that ask for this. */
    int count(Remedy remedy) {
        synchronized (events) {
            return counts.getOrDefault(remedy, 0);
        }
    }

    /** What the worst one of this epoch asks for. */
    RecoveryAction action() {
        synchronized (events) {
            return worst.action();
        }
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
