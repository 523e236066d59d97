package dev.openppu.harness.recording;

import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which records are wanted. Immutable.
 *
 * @param kinds empty: all
 * @param name of a register; a star stands for any characters
 * @param bar -1: any
 * @param first of the offsets or IOVAs that are wanted
 * @param last of them
 * @param from time in ns
 * @param to time in ns
 * @param thread -1: any
 */
public record EventFilter(RegisterNames names, Set<Kind> kinds, Optional<String> name, int bar, long first, long last, long from, long to,
        int thread) implements Predicate<RecordedEvent> {
    /** Everything. */
    public static EventFilter all(RegisterNames names) {
        return new EventFilter(names, Set.of(), Optional.empty(), -1, 0, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, -1);
    }

    @Override
    public boolean test(RecordedEvent event) {
        return (kinds.isEmpty() || kinds.contains(event.kind())) && event.nanos() >= from && event.nanos() <= to
                && (thread < 0 || event.kind().call() && event.thread() == thread) && hasPlace(event) && hasName(event);
    }

    private boolean hasPlace(RecordedEvent event) {
        boolean anywhere = bar < 0 && first == 0 && last == Long.MAX_VALUE;
        return anywhere || event.kind().has('P') && (bar < 0 || ofBar(event) && event.unit() == bar) && event.place() >= first
                && event.place() <= last;
    }

    private boolean hasName(RecordedEvent event) {
        return name.isEmpty() || ofBar(event) && names.at(event.unit(), event.place()).filter(register -> glob(name.get(), register.path()))
                .isPresent();
    }

    static boolean ofBar(RecordedEvent event) {
        return switch (event.kind()) {
            case READ, WRITE, READ_BYTES, WRITE_BYTES -> true;
            default -> false;
        };
    }

    /** A name without indices stands for every element. */
    private static boolean glob(String glob, String path) {
        String pattern = Pattern.quote(glob).replace("*", "\\E.*\\Q");
        return path.matches(pattern) || path.replaceAll("\\[\\d+]", "").matches(pattern);
    }
}
