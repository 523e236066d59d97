package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.source.Diagnostics;
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
    private final Set<Component> instantiated = new HashSet<>();
    private final Map<String, String> overrides;
    private final List<Scope.ComponentType> underWay = new ArrayList<>();

    /**
     * @param diagnostics where to say what is wrong
     * @param oldDialect  whether the dialect of older files is taken, too
     * @param overrides   parameters of the top-level address map, name to expression's text
     */
    public Elaboration(Diagnostics diagnostics, boolean oldDialect, Map<String, String> overrides) {
        this.diagnostics = diagnostics;
        this.oldDialect = oldDialect;
        this.overrides = Map.copyOf(overrides);
    }

    /**
     * Elaborates {@code tree}.
     *
     * @param tree a syntax tree without errors
     * @param top  the address maps wanted; empty for all that are defined at the top and not instantiated in others
     * @return name to map, in the order of the source; of no use if errors were reported
     */
    public Map<String, AddressMap> elaborate(RootContext tree, List<String> top) {
        Component root = new Component(ComponentKind.ADDRMAP, null, Spans.of(tree));
        Scope scope = new Scope(null, root, Map.of());
        BodyElaborator body = new BodyElaborator(scope, this);
        tree.bodyElement().forEach(body::element);
        Map<String, Component> maps = new LinkedHashMap<>();
        Map<String, Component> defined = body.rootMaps();
        if (top.isEmpty()) {
            defined.forEach((name, component) -> {
                if (!instantiated.contains(component)) {
                    maps.put(name, component);
                }
            });
        }
        for (String name : top) {
            Component component = defined.get(name);
            if (component == null) {
                diagnostics.error(Spans.of(tree), "no address map is called '" + name + "'",
                        "there are: " + String.join(", ", defined.keySet()));
            } else {
                maps.put(name, component);
            }
        }
        Map<String, AddressMap> result = new LinkedHashMap<>();
        if (!diagnostics.hasErrors()) {
            maps.forEach((name, component) -> result.put(name, new ModelBuilder(this, root).buildRoot(name, component)));
        }
        return result;
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

    Map<String, String> overrides() {
        return overrides;
    }

    Expressions expressions(Scope scope) {
        return new Expressions(scope, references, diagnostics, oldDialect);
    }

    void instantiated(Component component) {
        instantiated.add(component);
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
