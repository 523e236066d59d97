package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.source.Span;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A component type with its parameters bound, as its body left it. Instances share it, until an assignment through the hierarchy
 * singles one of them out: that one then gets a copy of its own.
 */
final class Component {

    private final ComponentKind kind;
    private final @Nullable String typeName;
    private final Span span;
    private final @Nullable Component copiedFrom;
    private final Map<String, Assignment> assignments;
    private final Map<String, Instance> children;

    Component(ComponentKind kind, @Nullable String typeName, Span span) {
        this.kind = kind;
        this.typeName = typeName;
        this.span = span;
        this.copiedFrom = null;
        this.assignments = new LinkedHashMap<>();
        this.children = new LinkedHashMap<>();
    }

    private Component(Component other) {
        this.kind = other.kind;
        this.typeName = other.typeName;
        this.span = other.span;
        this.copiedFrom = other;
        this.assignments = new LinkedHashMap<>(other.assignments);
        this.children = new LinkedHashMap<>();
        other.children.forEach((name, child) -> children.put(name, child.share()));
    }

    /** The same component for one instance alone. Its children's components stay shared. */
    Component copy() {
        return new Component(this);
    }

    ComponentKind kind() {
        return kind;
    }

    /** The name of the type, or null where it has neither a name nor an instance. */
    @Nullable
    String typeName() {
        return typeName;
    }

    /** Where it is defined. */
    Span span() {
        return span;
    }

    /** The component whose body was read: itself, unless it is a copy. */
    Component origin() {
        return copiedFrom == null ? this : copiedFrom.origin();
    }

    /** What was assigned, by property. */
    Map<String, Assignment> assignments() {
        return assignments;
    }

    /** What was instantiated, by name, in the order of the source. */
    Map<String, Instance> children() {
        return children;
    }
}
