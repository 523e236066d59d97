package dev.openppu.harness.recording;

import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the recorded device wrote to host memory since the recorded host last waited. Of several writes to a place the last one counts: the device that is played against need not stand still between them, and the
 * host looks when it has waited. For one thread.
 */
final class PlayedWrites {
    /** Why a device may have another value: it will be the recorded one's, too. */
    static final String FURTHER_ON = "further on here than in the recording";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long SHORT_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final EventStream events;
    private final PlayedMemory memory;
    private final LinkRuntime runtime;
    /** By their places; none overlaps another. */
    private final TreeMap<Long, Pending> pending = new TreeMap<>();
    private @Nullable RecordedEvent readBack;

    /**
     * @param write or what is left of it
     * @param single a value in one piece: a signal, an index
     * @param mixed copied from where the device had written just before: whether the old bytes or the new ones were read is the device's choice
     */
    private record Pending(RecordedEvent write, boolean single, boolean mixed) {
        long end() {
            return write.place() + write.content().length;
        }
    }

    /** How a write compares. */
    enum Outcome {
        CAME, DIFFERENT, MAY_DIFFER
    }

    /**
     * A write and what became of it here.
     *
     * @param reason why it may differ
     */
    record Compared(RecordedEvent write, Outcome outcome, String reason) {}

    PlayedWrites(EventStream events, PlayedMemory memory, LinkRuntime runtime) {
        this.events = events;
        this.memory = memory;
        this.runtime = runtime;
    }

    /** The recorded device has read host memory. */
    void read(RecordedEvent read) {
        readBack = around(read.place(), read.size()).stream().anyMatch(each -> !each.single || each.mixed) ? read : null;
    }

    /** The recorded device has written host memory. */
    void wrote(RecordedEvent write) {
        RecordedEvent source = readBack;
        boolean mixed = source != null && source.number() == write.number() - 1 && source.size() == write.size();
        forget(write.place(), write.content().length);
        if (write.content().length > 0) {
            pending.put(write.place(), new Pending(write, write.size() <= Long.BYTES, mixed));
        }
    }

    /** Something else stands there, or nothing any more: what the device wrote there cannot be compared. */
    void forget(long place, long bytes) {
        for (Pending old : around(place, bytes)) {
            pending.remove(old.write.place());
            keep(old, 0, place - old.write.place());
            keep(old, place + bytes - old.write.place(), old.write.content().length);
        }
    }

    private void keep(Pending old, long from, long to) {
        if (from >= 0 && from < to && to <= old.write.content().length) {
            RecordedEvent part = old.write.part((int) from, (int) to);
            pending.put(part.place(), new Pending(part, old.single, old.mixed));
        }
    }

    private List<Pending> around(long place, long bytes) {
        Map.Entry<Long, Pending> before = pending.floorEntry(place);
        long from = before != null && before.getValue().end() > place ? before.getKey() : place;
        return bytes <= 0 ? List.of() : List.copyOf(pending.subMap(from, Math.max(from, place + bytes)).values());
    }

    /** Compares all of them, and waits for those that have not come yet. */
    List<Compared> come() {
        List<Compared> compared = new ArrayList<>();
        for (Pending each : pending.values()) {
            compared.add(compare(each));
        }
        pending.clear();
        return compared;
    }

    private Compared compare(Pending each) {
        RecordedEvent write = each.write;
        boolean strict = each.single && !each.mixed;
        if (memory.has(write) || !(strict && ahead(write)) && comes(write, strict ? PATIENCE_NANOS : SHORT_PATIENCE_NANOS)) {
            return new Compared(write, Outcome.CAME, "");
        }
        String reason = reason(each);
        return new Compared(write, reason.isEmpty() ? Outcome.DIFFERENT : Outcome.MAY_DIFFER, reason);
    }

    private boolean comes(RecordedEvent write, long nanos) {
        return runtime.await(() -> memory.has(write), runtime.deadline(nanos));
    }

    /** Why what stands there may be another; empty if it may not: a single value has to come, longer ones hold times. */
    private String reason(Pending each) {
        if (!each.single) {
            return "messages that may hold times";
        }
        if (each.mixed) {
            return "a copy over itself: old bytes or new ones";
        }
        if (time(each.write)) {
            return "a time";
        }
        return ahead(each.write) ? FURTHER_ON : "";
    }

    /** Whether memory has what the recorded device writes there later, or something between two of its values, before the recorded host writes there or gives it back. */
    private boolean ahead(RecordedEvent write) {
        int bytes = write.content().length;
        long here = memory.instead(write).leading();
        long recorded = write.leading();
        for (RecordedEvent later : events.ahead()) {
            long from = write.place() - later.place();
            if (later.kind() == Kind.UNMAP && from >= 0 && from < memory.size(later.place())) {
                return false;
            }
            if (from < 0 || from + bytes > later.content().length) {
                continue;
            }
            long then = later.part((int) from, (int) from + bytes).leading();
            if (later.kind() == Kind.DMA_WRITE && (here > recorded && here <= then || here < recorded && here >= then)) {
                return true;
            }
            if (later.kind() == Kind.HOST_WRITE && then != recorded) {
                return false;
            }
            recorded = then;
        }
        return false;
    }

    /** A time of the device's clock is near the record's own. */
    private static boolean time(RecordedEvent write) {
        return Math.abs(write.leading() - write.nanos()) < TimeUnit.SECONDS.toNanos(1)
                && write.leading() > TimeUnit.MILLISECONDS.toNanos(1);
    }
}
