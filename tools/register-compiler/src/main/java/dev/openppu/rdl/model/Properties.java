package dev.openppu.rdl.model;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The properties that were given to a component, by the standard's names; user-defined ones stand among them. A property that
 * was never given is absent: the typed questions below answer with the standard's default. Immutable.
 *
 * @param values name to value, in the order of assignment
 */
public record Properties(Map<String, Value> values) {

    /** No properties. */
    public static final Properties NONE = new Properties(Map.of());

    public Properties {
        values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The value of {@code name}, or null where it was not given. */
    public @Nullable Value get(String name) {
        return values.get(name);
    }

    /** Whether {@code name} was given. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Whether {@code name} is true; a reference or a number there counts as true, so that {@code we = sig} is a {@code we}. */
    public boolean is(String name) {
        return switch (values.get(name)) {
            case null -> false;
            case Value.Flag flag -> flag.value();
            default -> true;
        };
    }

    /** The number {@code name}, or {@code otherwise}. */
    public long number(String name, long otherwise) {
        return values.get(name) instanceof Value.Num(BigInteger value) ? value.longValue() : otherwise;
    }

    /** The string {@code name}, or null. */
    public @Nullable String text(String name) {
        return values.get(name) instanceof Value.Text(String text) ? text : null;
    }

    /** The keyword {@code name}, or {@code otherwise}. */
    public String keyword(String name, String otherwise) {
        return values.get(name) instanceof Value.Keyword(String word) ? word : otherwise;
    }

    /** The reference {@code name}, or null. */
    public Value.@Nullable Reference reference(String name) {
        return values.get(name) instanceof Value.Reference reference ? reference : null;
    }
}
