package dev.openppu.rdl.live;

import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sorts reset values by the signal that brings them about. */
final class DomainBuilder {

    /** The domain of the fields that name no signal; no signal's name is empty. */
    static final String DEFAULT = "";

    private final Cells cells;
    private final @Nullable String defaultSignal;
    private final IdentityHashMap<WordBehaviour, Map<String, Part>> known = new IdentityHashMap<>();

    /** What one domain does to a word. */
    private record Part(long mask, long value) {}

    /**
     * What one domain does to one cell.
     *
     * @param cell  the cell
     * @param mask  the bits
     * @param value what they become, in place
     */
    record Entry(int cell, long mask, long value) {}

    DomainBuilder(Cells cells, @Nullable String defaultSignal) {
        this.cells = cells;
        this.defaultSignal = defaultSignal;
    }

    Map<String, List<Entry>> build() {
        Map<String, List<Entry>> domains = new HashMap<>();
        for (int cell = 0; cell < cells.count(); cell++) {
            if (cells.store(cell) != cell) {
                continue;
            }
            int at = cell;
            known.computeIfAbsent(cells.behaviour(cell), this::parts).forEach((signal, part) -> domains
                    .computeIfAbsent(signal, _ -> new ArrayList<>()).add(new Entry(at, part.mask, part.value)));
        }
        return domains;
    }

    private Map<String, Part> parts(WordBehaviour behaviour) {
        Map<String, Part> parts = new HashMap<>();
        for (Field field : behaviour.register.fields()) {
            long mask = behaviour.maskOf(field);
            BigInteger reset = LiveRegisters.constantReset(field);
            if (mask != 0 && reset != null) {
                Part part = new Part(mask, behaviour.slice(reset.shiftLeft(field.low())));
                parts.merge(domainOf(field), part, (a, b) -> new Part(a.mask | b.mask, a.value | b.value));
            }
        }
        return parts;
    }

    private String domainOf(Field field) {
        Value.Reference signal = field.properties().reference("resetsignal");
        String name = signal == null ? DEFAULT : signal.steps().getLast().name();
        return name.equals(defaultSignal) ? DEFAULT : name;
    }
}
