package dev.openppu.rdl.model;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * An enumeration: the names of a field's values.
 *
 * @param name    the type's name
 * @param entries the entries in the order of their declaration
 */
public record EnumType(String name, List<Entry> entries) {

    public EnumType {
        entries = List.copyOf(entries);
    }

    /**
     * One entry.
     *
     * @param name        the identifier
     * @param value       the encoding
     * @param label       its {@code name} property, or null
     * @param description its {@code desc} property, or null
     */
    public record Entry(String name, BigInteger value, @Nullable String label, @Nullable String description) {}

    /** The entry that is called {@code entry}. */
    public Optional<Entry> find(String entry) {
        return entries.stream().filter(e -> e.name().equals(entry)).findFirst();
    }

    /** The entry that encodes {@code value}. */
    public Optional<Entry> find(BigInteger value) {
        return entries.stream().filter(e -> e.value().equals(value)).findFirst();
    }
}
