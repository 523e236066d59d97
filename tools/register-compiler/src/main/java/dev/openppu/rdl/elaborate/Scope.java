package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.syntax.SystemRdlParser.ComponentDefinitionContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lexical scope: the root, or the body of one component with its parameters bound. Names are looked for outwards, except for
 * parameters, which belong to one component alone.
 */
final class Scope {

    private final @Nullable Scope parent;
    private final Component component;
    private final Map<String, Definition> definitions = new HashMap<>();
    private final Map<String, Parameter> parameters;
    private final Map<String, Assignment> defaults = new LinkedHashMap<>();

    /** Something that a name can stand for, other than an instance. */
    sealed interface Definition {
        /** Where it is defined. */
        Span span();
    }

    /** An enumeration. */
    record EnumDefinition(EnumType type, Span span) implements Definition {}

    /** A structure type. */
    record StructDefinition(DataType.OfStruct type, Span span) implements Definition {}

    /**
     * A component type.
     *
     * @param kind     its kind
     * @param name     its name
     * @param tree     its definition
     * @param scope    the scope that it stands in
     * @param defaults what was assigned by default when it was defined
     * @param plain    the component with every parameter at its default, or null where one has none
     * @param span     where it is named
     */
    record ComponentType(ComponentKind kind, String name, ComponentDefinitionContext tree, Scope scope,
            Map<String, Assignment> defaults, @Nullable Component plain, Span span) implements Definition {}

    /**
     * A parameter's value.
     *
     * @param value what it is bound to
     * @param width its width where it is a number
     */
    record Parameter(Value value, int width) {}

    /** The scope of {@code component}'s body, within {@code parent}; the root scope has none and an empty component. */
    Scope(@Nullable Scope parent, Component component, Map<String, Parameter> parameters) {
        this.parent = parent;
        this.component = component;
        this.parameters = parameters;
    }

    @Nullable
    Scope parent() {
        return parent;
    }

    Component component() {
        return component;
    }

    boolean isRoot() {
        return parent == null;
    }

    @Nullable
    Parameter parameter(String name) {
        return parameters.get(name);
    }

    /** Defines {@code name} here; returns what stood there before, or null. */
    @Nullable
    Definition define(String name, Definition definition) {
        return definitions.putIfAbsent(name, definition);
    }

    /** What {@code name} stands for, here or further out, or null. */
    @Nullable
    Definition find(String name) {
        Definition found = definitions.get(name);
        return found != null || parent == null ? found : parent.find(name);
    }

    /** What {@code default} statements assign, here. */
    Map<String, Assignment> defaults() {
        return defaults;
    }

    /** What {@code default} statements assign, here and further out; the inner ones win. */
    Map<String, Assignment> allDefaults() {
        if (parent == null) {
            return new LinkedHashMap<>(defaults);
        }
        Map<String, Assignment> all = parent.allDefaults();
        all.putAll(defaults);
        return all;
    }
}
