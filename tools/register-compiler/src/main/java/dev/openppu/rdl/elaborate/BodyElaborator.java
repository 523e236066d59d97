package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.source.Warning;
import dev.openppu.rdl.syntax.Literals;
import dev.openppu.rdl.syntax.SystemRdlParser.*;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Elaborates one body: the root's, or a component's with its parameters bound. */
final class BodyElaborator {

    private final Scope scope;
    private final Elaboration elaboration;
    private final Diagnostics diagnostics;
    private final Expressions expressions;
    private final TypeElaborator types;
    private final PropertyAssigner assigner;
    private final Specialiser specialiser;
    private final Map<String, RootMap> rootMaps = new LinkedHashMap<>();

    /**
     * An address map at the root.
     *
     * @param name      its type's name
     * @param type      its type, or null where it is anonymous
     * @param component the map where it is anonymous, else null
     */
    record RootMap(String name, Scope.@Nullable ComponentType type, @Nullable Component component) {}

    BodyElaborator(Scope scope, Elaboration elaboration) {
        this.scope = scope;
        this.elaboration = elaboration;
        this.diagnostics = elaboration.diagnostics();
        this.expressions = elaboration.expressions(scope);
        this.types = new TypeElaborator(scope, elaboration);
        this.assigner = new PropertyAssigner(scope, elaboration);
        this.specialiser = new Specialiser(scope, elaboration);
    }

    /** The address maps that the root's body defined, by name. */
    Map<String, RootMap> rootMaps() {
        return rootMaps;
    }

    /** {@code map} with its parameters bound by {@code parameters}; null, and reported, if that cannot be. */
    @Nullable
    Component specialise(RootMap map, @Nullable ParameterBindingsContext parameters) {
        return map.type == null ? map.component : specialiser.component(map.type, parameters);
    }

    /** Elaborates one element. */
    void element(BodyElementContext tree) {
        switch (tree.getChild(0)) {
            case ComponentDefinitionContext definition -> define(definition);
            case ExplicitInstantiationContext instances -> instantiate(instances);
            case LocalAssignmentContext assignment -> assigner.assign(assignment);
            case DynamicAssignmentContext assignment -> assigner.assign(assignment);
            case EnumDefinitionContext definition -> types.define(definition);
            case StructDefinitionContext definition -> types.define(definition);
            case PropertyDefinitionContext definition -> types.define(definition);
            default -> readOver(tree.constraintDefinition());
        }
    }

    private void readOver(ConstraintDefinitionContext tree) {
        diagnostics.warning(Warning.CONSTRAINT, Spans.of(tree), "constraints are read over: nothing checks that they hold");
        if (tree.name != null) {
            scope.define(Literals.identifier(tree.name), new Scope.ConstraintDefinition(Spans.of(tree.name)));
        }
    }

    // ---- definitions

    private void define(ComponentDefinitionContext tree) {
        ComponentKind kind = ComponentKind.of(tree.componentType().getText());
        if (!scope.isRoot() && !scope.component().kind().mayDefine(kind)) {
            diagnostics.error(Spans.of(tree.componentType()),
                    "a " + kind.keyword() + " cannot be defined in a " + scope.component().kind().keyword());
            return;
        }
        Boolean external = external(tree.instanceKind().isEmpty() ? null : tree.instanceKind().getLast());
        if (tree.name == null) {
            ComponentInstancesContext instances = tree.componentInstances();
            String name = instances == null ? null : Literals.identifier(instances.componentInstance(0).ID().getSymbol());
            Component component = read(kind, name, tree, new Scope.Surrounding(scope, Map.of(), scope.allDefaults()), elaboration);
            if (instances != null) {
                instantiate(instances, component, external, null);
            } else {
                anonymousWithoutInstance(kind, tree, component);
            }
            return;
        }
        Scope.ComponentType type = new Scope.ComponentType(kind, Literals.identifier(tree.name), tree, scope, scope.allDefaults());
        if (tree.parameterDefinitions() == null) {
            specialiser.component(type, null);
        }
        Scope.Definition before = scope.define(type.name(), type);
        if (before != null) {
            diagnostics.error(type.span(), "'" + type.name() + "' is defined twice", before.span(), "first defined here");
        }
        if (scope.isRoot() && kind == ComponentKind.ADDRMAP) {
            rootMaps.put(type.name(), new RootMap(type.name(), type, null));
        }
        if (tree.componentInstances() != null) {
            instantiate(tree, type, external);
        }
    }

    private void instantiate(ComponentDefinitionContext tree, Scope.ComponentType type, @Nullable Boolean external) {
        if (scope.isRoot() && type.kind() == ComponentKind.ADDRMAP && elaboration.oldDialect()) {
            String name = Literals.identifier(tree.componentInstances().componentInstance(0).ID().getSymbol());
            rootMaps.remove(type.name());
            rootMaps.put(name, new RootMap(name, type, null));
            return;
        }
        if (scope.isRoot() && type.kind() == ComponentKind.ADDRMAP) {
            diagnostics.warning(Warning.NOT_STANDARD, Spans.of(tree.componentInstances()), "an instance of an address map at the root"
                    + " is ignored: the map is called '" + type.name() + "'");
            return;
        }
        Component component = specialiser.component(type, tree.componentInstances().parameterBindings());
        if (component != null) {
            instantiate(tree.componentInstances(), component, external, null);
        }
    }

    private void anonymousWithoutInstance(ComponentKind kind, ComponentDefinitionContext tree, Component component) {
        if (scope.isRoot() && kind == ComponentKind.ADDRMAP && elaboration.oldDialect()) {
            rootMaps.put("top", new RootMap("top", null, component));
        } else {
            diagnostics.error(Spans.of(tree.componentType()), "this " + kind.keyword() + " has neither a name nor an instance",
                    scope.isRoot() && kind == ComponentKind.ADDRMAP
                            ? "name it, or switch on the dialect of older files"
                            : "name it, or instantiate it");
        }
    }

    private @Nullable Boolean external(@Nullable InstanceKindContext tree) {
        if (tree != null && tree.interfaceOptions() != null && !elaboration.oldDialect()) {
            diagnostics.error(Spans.of(tree.interfaceOptions()), "'external' takes no options",
                    "they are another tool's: switch on the dialect of older files, which reads over them");
        }
        return tree == null ? null : Boolean.valueOf(tree.EXTERNAL() != null);
    }

    /** Reads the body of the component that {@code tree} defines; a type without a name is called like its first instance. */
    static Component read(ComponentKind kind, @Nullable String name, ComponentDefinitionContext tree, Scope.Surrounding around,
            Elaboration elaboration) {
        Component component = new Component(kind, name, Spans.of(tree.name == null ? tree.componentType().getStart() : tree.name));
        BodyElaborator body = new BodyElaborator(new Scope(around, component), elaboration);
        tree.componentBody().bodyElement().forEach(body::element);
        PropertyAssigner.applyDefaults(component, around.defaults(), elaboration);
        return component;
    }

    // ---- instances

    private void instantiate(ExplicitInstantiationContext tree) {
        String name = Literals.identifier(tree.type);
        Scope.Definition found = scope.find(name);
        if (found instanceof Scope.ConstraintDefinition) {
            return;
        }
        if (!(found instanceof Scope.ComponentType type)) {
            noComponentType(tree.type, name, found);
            return;
        }
        Component component = specialiser.component(type, tree.componentInstances().parameterBindings());
        if (component != null) {
            Boolean external = external(tree.instanceKind());
            instantiate(tree.componentInstances(), component, external, tree.alias);
        }
    }

    private void noComponentType(Token token, String name, Scope.@Nullable Definition found) {
        Span below = elaboration.definedAtRoot(name);
        if (elaboration.underWay().stream().anyMatch(outer -> outer.name().equals(name))) {
            diagnostics.error(Spans.of(token), "'" + name + "' contains itself");
        } else if (found != null) {
            diagnostics.error(Spans.of(token), "'" + name + "' is no component type");
        } else if (below != null) {
            diagnostics.error(Spans.of(token), "no component type is called '" + name + "' here", below,
                    "it is defined further down: definitions come before their uses, and so do the files that hold them");
        } else {
            diagnostics.error(Spans.of(token), "no component type is called '" + name + "' here");
        }
    }

    private void instantiate(ComponentInstancesContext tree, Component component, @Nullable Boolean external,
            @Nullable Token alias) {
        for (ComponentInstanceContext instance : tree.componentInstance()) {
            instantiate(instance, component, external, alias);
        }
    }

    private void instantiate(ComponentInstanceContext tree, Component component, @Nullable Boolean external,
            @Nullable Token alias) {
        Token nameToken = tree.ID().getSymbol();
        String name = Literals.identifier(nameToken);
        Span span = Spans.of(nameToken);
        if (scope.isRoot()
                ? component.kind() != ComponentKind.SIGNAL && component.kind() != ComponentKind.ADDRMAP
                : !scope.component().kind().mayContain(component.kind())) {
            String where = scope.isRoot() ? "outside of an addrmap" : "in a " + scope.component().kind().keyword();
            diagnostics.error(span, "a " + component.kind().keyword() + " cannot be instantiated " + where);
            return;
        }
        checkExternal(component.kind(), external, span);
        Instance.Layout layout = layout(tree, component.kind(), external, alias);
        if (layout == null) {
            return;
        }
        Instance instance = new Instance(name, component, layout, span);
        if (tree.resetValue != null) {
            assigner.assignReset(instance, tree.resetValue);
        }
        Instance before = scope.component().children().putIfAbsent(name, instance);
        if (before != null) {
            diagnostics.error(span, "'" + name + "' is instantiated twice", before.span(), "first instantiated here");
        }
        if (scope.isRoot() && component.kind() == ComponentKind.ADDRMAP) {
            rootMaps.put(name, new RootMap(name, null, component));
        }
    }

    private void checkExternal(ComponentKind kind, @Nullable Boolean external, Span span) {
        if (external != null && !kind.isAddressable()) {
            diagnostics.error(span, "a " + kind.keyword() + " is neither external nor internal: its register is");
        } else if (Boolean.FALSE.equals(external) && (kind == ComponentKind.ADDRMAP || kind == ComponentKind.MEM)) {
            diagnostics.error(span, "a " + kind.keyword() + " is always external");
        }
    }

    private Instance.@Nullable Layout layout(ComponentInstanceContext tree, ComponentKind kind, @Nullable Boolean external,
            @Nullable Token alias) {
        List<Long> dimensions = new ArrayList<>();
        for (ArraySuffixContext suffix : tree.arraySuffix()) {
            Long count = expressions.number(suffix.expression(), kind.isAddressable() ? "the number of elements" : "the width", 1,
                    kind.isAddressable() ? ComponentChecks.MOST_ELEMENTS : 1 << 16);
            if (count == null) {
                return null;
            }
            dimensions.add(count);
        }
        Instance.Range range = null;
        if (tree.rangeSuffix() != null) {
            Long left = expressions.number(tree.rangeSuffix().high, "the bit", 0, 1 << 16);
            Long right = expressions.number(tree.rangeSuffix().low, "the bit", 0, 1 << 16);
            if (left == null || right == null) {
                return null;
            }
            range = new Instance.Range(left.intValue(), right.intValue());
        }
        if (!fits(tree, kind, dimensions.size(), range != null)) {
            return null;
        }
        return new Instance.Layout(dimensions, range, address(tree.address, "the address", 0),
                address(tree.stride, "the stride", 1), address(tree.alignment, "the alignment", 1), external,
                alias == null ? null : Literals.identifier(alias));
    }

    private boolean fits(ComponentInstanceContext tree, ComponentKind kind, int dimensions, boolean hasRange) {
        if (kind.isAddressable()) {
            if (hasRange) {
                diagnostics.error(Spans.of(tree.rangeSuffix()), "a bit range makes no sense for a " + kind.keyword());
            } else if (tree.stride != null && dimensions == 0) {
                diagnostics.error(Spans.of(tree.stride), "a stride makes sense for an array only");
            } else if (tree.address != null && tree.alignment != null) {
                diagnostics.error(Spans.of(tree.alignment), "an instance has either an address (@) or an alignment (%=)");
            } else if (tree.resetValue != null) {
                diagnostics.error(Spans.of(tree.resetValue), "only a field has a reset value", "an address is written '@ 0x10'");
            } else {
                return true;
            }
            return false;
        }
        ExpressionContext misplaced = tree.address != null ? tree.address : tree.stride != null ? tree.stride : tree.alignment;
        if (misplaced != null) {
            diagnostics.error(Spans.of(misplaced), "a " + kind.keyword() + " has no address");
        } else if (dimensions > 1) {
            diagnostics.error(Spans.of(tree.arraySuffix(1)), "a " + kind.keyword() + " has one width only");
        } else if (kind == ComponentKind.SIGNAL && tree.resetValue != null) {
            diagnostics.error(Spans.of(tree.resetValue), "only a field has a reset value");
        } else {
            return true;
        }
        return false;
    }

    private @Nullable Long address(@Nullable ExpressionContext tree, String what, long least) {
        return tree == null ? null : expressions.number(tree, what, least, Long.MAX_VALUE);
    }
}
