package dev.openppu.rdl.live;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Signal;
import dev.openppu.rdl.model.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reset values, by the signal that brings them about. */
final class ResetDomains {

    /** The domain of the fields that name no signal; no signal's name is empty. */
    private static final String DEFAULT = "";

    private final Cells cells;
    private final long[] values;
    private final long[] spent;
    private final @Nullable String defaultSignal;
    private final Map<String, List<Entry>> domains = new HashMap<>();
    private final IdentityHashMap<WordBehaviour, Map<String, Part>> known = new IdentityHashMap<>();

    /** What one domain does to a word. */
    private record Part(long mask, long value) {}

    /** What one domain does to a cell. */
    private record Entry(int cell, Part part) {}

    /**
     * @param map    the map, whose signals tell the default reset
     * @param cells  its cells
     * @param values their values
     * @param spent  bits whose one write has been made
     */
    ResetDomains(AddressMap map, Cells cells, long[] values, long[] spent) {
        this.cells = cells;
        this.values = values;
        this.spent = spent;
        this.defaultSignal = defaultSignal(map);
        for (int cell = 0; cell < cells.count(); cell++) {
            if (cells.store(cell) == cell) {
                add(cell);
            }
        }
    }

    /** The signal with {@code field_reset}, else the one with {@code cpuif_reset}, else null. */
    private static @Nullable String defaultSignal(AddressMap map) {
        String forFields = named(map, "field_reset");
        return forFields != null ? forFields : named(map, "cpuif_reset");
    }

    private static @Nullable String named(AddressMap map, String property) {
        return map.signals().filter(signal -> signal.properties().is(property)).map(Signal::name).findFirst().orElse(null);
    }

    private void add(int cell) {
        known.computeIfAbsent(cells.behaviour(cell), this::parts)
                .forEach((signal, part) -> domains.computeIfAbsent(signal, _ -> new ArrayList<>()).add(new Entry(cell, part)));
    }

    private Map<String, Part> parts(WordBehaviour behaviour) {
        Map<String, Part> parts = new HashMap<>();
        for (Field field : behaviour.register.fields()) {
            long mask = behaviour.maskOf(field);
            BigInteger reset = field.reset();
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

    /** Resets every field that has a reset value. */
    void resetAll() {
        domains.values().forEach(this::reset);
    }

    /** Resets the fields of {@code signal}; one that no field names stands for the default reset. */
    void reset(String signal) {
        boolean own = domains.containsKey(signal) && !signal.equals(defaultSignal);
        reset(domains.getOrDefault(own ? signal : DEFAULT, List.of()));
    }

    private void reset(List<Entry> entries) {
        for (Entry entry : entries) {
            Part part = entry.part;
            values[entry.cell] = values[entry.cell] & ~part.mask | part.value;
            spent[entry.cell] &= ~part.mask;
        }
    }
}
