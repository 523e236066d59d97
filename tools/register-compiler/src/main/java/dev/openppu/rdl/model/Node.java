package dev.openppu.rdl.model;

import dev.openppu.rdl.source.SourcePosition;

import org.jspecify.annotations.Nullable;

/** A component instance of an elaborated map. Immutable; safe for any number of threads. */
public sealed interface Node permits Addressable, Field, Signal {

    /** The instance's name. */
    String name();

    /** The name of the component type that was instantiated; for an anonymous one, the instance's name. */
    String typeName();

    /** What was given to it. */
    Properties properties();

    /** Where it was instantiated, or null in a map that was loaded from data. It says nothing about the node: equality passes over it. */
    @Nullable
    SourcePosition origin();

    /** Its {@code name} property: what people call it; the instance's name where there is none. */
    default String label() {
        String label = properties().text("name");
        return label == null ? name() : label;
    }

    /** Its {@code desc} property, or null. */
    default @Nullable String description() {
        return properties().text("desc");
    }
}
