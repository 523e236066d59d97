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
 * A lexical scope: the root, or the body of one component with its parameters bound. Names are looked for outwards.
 */
final class Scope {

    private final @Nullable Scope parent;
    private final Component component;
    private final Map<String, Definition> definitions = new HashMap<>();
    private final Map<String, Parameter> parameters;
    private final Map<String, Assignment> outerDefaults;
    private final Map<String, Assignment> defaults = new LinkedHashMap<>();

    /** Something that a name can stand for, other than an instance. */
    sealed interface Definition {
        /** Where it is defined. */
        Span span();
    }

    /** An enumeration. */
    record EnumDefinition(EnumType type, Span span) implements Definition {}

    /** A constraint, which is read over. */
    record ConstraintDefinition(Span span) implements Definition {}

    /** A structure type. */
    record StructDefinition(DataType.OfStruct type, Span span) implements Definition {}

    /** A component type, with its components for the parameters' values that were asked for so far. */
    static final class ComponentType implements Definition {

        private final ComponentKind kind;
        private final String name;
        private final ComponentDefinitionContext tree;
        private final Scope scope;
        private final Map<String, Assignment> defaults;
        private final Map<Map<String, Parameter>, Component> read = new HashMap<>();

        /**
         * @param kind     its kind
         * @param name     its name
         * @param tree     its definition
         * @param scope    the scope that it stands in
         * @param defaults what was assigned by default when it was defined
         */
        ComponentType(ComponentKind kind, String name, ComponentDefinitionContext tree, Scope scope, Map<String, Assignment> defaults) {
            this.kind = kind;
            this.name = name;
            this.tree = tree;
            this.scope = scope;
            this.defaults = defaults;
        }

        ComponentKind kind() {
            return kind;
        }

        String name() {
            return name;
        }

        ComponentDefinitionContext tree() {
            return tree;
        }

        Scope scope() {
            return scope;
        }

        Map<String, Assignment> defaults() {
            return defaults;
        }

        Map<Map<String, Parameter>, Component> read() {
            return read;
        }

        @Override
        public Span span() {
            return Spans.of(tree.name == null ? tree.getStart() : tree.name);
        }
    }

    /**
     * A parameter's value.
     *
     * @param value what it is bound to
     * @param width its width where it is a number
     */
    record Parameter(Value value, int width) {}

    /**
     * What is around a body.
     *
     * @param scope      the scope that the definition stands in
     * @param parameters the parameters, bound
     * @param defaults   what was assigned by default when the component was defined
     */
    record Surrounding(Scope scope, Map<String, Parameter> parameters, Map<String, Assignment> defaults) {}

    /** The scope of {@code component}'s body. */
    Scope(Surrounding around, Component component) {
        this.parent = around.scope;
        this.component = component;
        this.parameters = around.parameters;
        this.outerDefaults = around.defaults;
    }

    /** The root scope, with the component that holds what is instantiated there. */
    Scope(Component component) {
        this.parent = null;
        this.component = component;
        this.parameters = Map.of();
        this.outerDefaults = Map.of();
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

    /** The parameter that {@code name} means, here or further out, or null; an instance of that name hides those around it. */
    @Nullable
    Parameter parameter(String name) {
        for (Scope at = this; at != null; at = at.parent) {
            Parameter found = at.parameters.get(name);
            if (found != null || at.component.children().containsKey(name)) {
                return found;
            }
        }
        return null;
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
        if (defaults.isEmpty()) {
            return outerDefaults;
        }
        Map<String, Assignment> all = new LinkedHashMap<>(outerDefaults);
        all.putAll(defaults);
        return all;
    }
}
