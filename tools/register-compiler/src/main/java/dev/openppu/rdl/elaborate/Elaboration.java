package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.SourceFile;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.syntax.Literals;
import dev.openppu.rdl.syntax.SystemRdlParser.BodyElementContext;
import dev.openppu.rdl.syntax.SystemRdlParser.ComponentDefinitionContext;
import dev.openppu.rdl.syntax.SystemRdlParser.ExplicitInstantiationContext;
import dev.openppu.rdl.syntax.SystemRdlParser.ParameterBindingsContext;
import dev.openppu.rdl.syntax.SystemRdlParser.RootContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run of the elaborator: what all its bodies share. Not safe for several threads. */
public final class Elaboration {

    private final Diagnostics diagnostics;
    private final boolean oldDialect;
    private final References references = new References();
    private final Map<String, PropertyRule> userProperties = new HashMap<>();
    private final Map<String, Span> definedAtRoot = new HashMap<>();
    private final List<Scope.ComponentType> underWay = new ArrayList<>();

    /**
     * @param diagnostics where to say what is wrong
     * @param oldDialect  whether the dialect of older files is taken, too
     */
    public Elaboration(Diagnostics diagnostics, boolean oldDialect) {
        this.diagnostics = diagnostics;
        this.oldDialect = oldDialect;
    }

    /**
     * Elaborates {@code tree}.
     *
     * @param tree       a syntax tree without errors
     * @param parameters what the top-level address maps' parameters are bound to, or null for their defaults
     * @param top        the address maps wanted; empty for all that are defined at the top and not instantiated in others
     * @return name to map, in the order of the source; of no use if errors were reported
     */
    public Map<String, AddressMap> elaborate(RootContext tree, @Nullable ParameterBindingsContext parameters, List<String> top) {
        Component root = new Component(ComponentKind.ADDRMAP, null, Spans.of(tree));
        tree.bodyElement().forEach(this::noteDefinition);
        BodyElaborator body = new BodyElaborator(new Scope(root), this);
        tree.bodyElement().forEach(body::element);
        Map<String, BodyElaborator.RootMap> defined = body.rootMaps();
        Map<String, AddressMap> result = new LinkedHashMap<>();
        for (String name : top.isEmpty() ? uncontained(defined, tree) : top) {
            BodyElaborator.RootMap map = defined.get(name);
            if (map == null) {
                diagnostics.error(new SourceFile("<top>", name), 0, name.length(), "no address map is called '" + name + "'",
                        "there are: " + String.join(", ", defined.keySet()));
                continue;
            }
            Component component = body.specialise(map, parameters);
            if (component != null) {
                build(name, component, root, result);
            }
        }
        if (defined.isEmpty() && !diagnostics.hasErrors()) {
            diagnostics.error(Spans.of(tree), "there is no address map in this description");
        }
        return result;
    }

    private void build(String name, Component component, Component root, Map<String, AddressMap> result) {
        try {
            result.put(name, new ModelBuilder(this, root).buildRoot(name, component));
        } catch (ComponentChecks.Unplaceable e) {
            if (!diagnostics.hasErrors()) {
                diagnostics.error(component.span(), "something in '" + name + "' that is not present has no place in 2^56 bytes");
            }
        }
    }

    private static List<String> uncontained(Map<String, BodyElaborator.RootMap> defined, RootContext tree) {
        Set<String> contained = new HashSet<>();
        tree.bodyElement().forEach(element -> collectInstantiated(element, contained));
        return defined.entrySet().stream().filter(entry -> entry.getValue().type() == null || !contained.contains(entry.getKey()))
                .map(Map.Entry::getKey).toList();
    }

    private void noteDefinition(BodyElementContext element) {
        if (element.getChild(0) instanceof ComponentDefinitionContext definition && definition.name != null) {
            definedAtRoot.putIfAbsent(Literals.identifier(definition.name), Spans.of(definition.name));
        }
    }

    private static void collectInstantiated(BodyElementContext element, Set<String> types) {
        if (element.getChild(0) instanceof ExplicitInstantiationContext instances) {
            types.add(Literals.identifier(instances.type));
        } else if (element.getChild(0) instanceof ComponentDefinitionContext definition) {
            definition.componentBody().bodyElement().forEach(inner -> collectInstantiated(inner, types));
        }
    }

    Diagnostics diagnostics() {
        return diagnostics;
    }

    References references() {
        return references;
    }

    boolean oldDialect() {
        return oldDialect;
    }

    Expressions expressions(Scope scope) {
        return new Expressions(scope, references, diagnostics, oldDialect);
    }

    /** Where the root defines component type {@code name}, above or below of what is being read; null where it does not. */
    @Nullable
    Span definedAtRoot(String name) {
        return definedAtRoot.get(name);
    }

    /** Types whose bodies are being read, outermost first. */
    List<Scope.ComponentType> underWay() {
        return underWay;
    }

    /** The rule for property {@code name}, or null where nobody defined it. */
    @Nullable
    PropertyRule rule(String name) {
        PropertyRule rule = StandardProperties.find(name);
        return rule == null ? userProperties.get(name) : rule;
    }

    /** Every property's name that may be meant. */
    Set<String> propertyNames() {
        Set<String> names = new HashSet<>(StandardProperties.names());
        names.addAll(userProperties.keySet());
        return names;
    }

    /** Adds a user-defined property; false where one of its name exists. */
    boolean define(PropertyRule rule) {
        return StandardProperties.find(rule.name()) == null && userProperties.putIfAbsent(rule.name(), rule) == null;
    }
}
