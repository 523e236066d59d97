package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.syntax.Literals;
import dev.openppu.rdl.syntax.SystemRdlParser.*;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes components of types: binds their parameters where an instance stands, and reads each type once for each set of values. */
final class Specialiser {

    private final Elaboration elaboration;
    private final Diagnostics diagnostics;
    private final Expressions expressions;

    /** For instances that stand in {@code scope}. */
    Specialiser(Scope scope, Elaboration elaboration) {
        this.elaboration = elaboration;
        this.diagnostics = elaboration.diagnostics();
        this.expressions = elaboration.expressions(scope);
    }

    /** The component that {@code type} is with {@code bindings}; null, and reported, if there is none. */
    @Nullable
    Component component(Scope.ComponentType type, @Nullable ParameterBindingsContext bindings) {
        Map<String, ParameterBindingContext> given = given(type, bindings);
        Map<String, Scope.Parameter> parameters = bind(type, given, bindings == null ? type.span() : Spans.of(bindings));
        if (parameters == null) {
            return null;
        }
        Component known = type.read().get(parameters);
        if (known != null) {
            return known;
        }
        if (elaboration.underWay().contains(type)) {
            diagnostics.error(type.span(), "'" + type.name() + "' contains itself");
            return null;
        }
        Map<String, Scope.Parameter> plain = given.isEmpty() ? parameters : bind(type, Map.of(), null);
        String name = type.name() + ParameterNames.suffix(parameters, plain == null ? Map.of() : plain);
        elaboration.underWay().add(type);
        Component component = BodyElaborator.read(type.kind(), name, type.tree(),
                new Scope.Surrounding(type.scope(), parameters, type.defaults()), elaboration);
        elaboration.underWay().removeLast();
        type.read().put(parameters, component);
        return component;
    }

    private Map<String, ParameterBindingContext> given(Scope.ComponentType type, @Nullable ParameterBindingsContext bindings) {
        Map<String, ParameterBindingContext> given = new LinkedHashMap<>();
        if (bindings != null) {
            for (ParameterBindingContext binding : bindings.parameterBinding()) {
                String name = Literals.identifier(binding.ID().getSymbol());
                if (!declares(type.tree().parameterDefinitions(), name)) {
                    diagnostics.error(Spans.of(binding), "'" + type.name() + "' has no parameter '" + name + "'", type.span(),
                            "defined here");
                } else if (given.put(name, binding) != null) {
                    diagnostics.error(Spans.of(binding), "parameter '" + name + "' is given twice");
                }
            }
        }
        return given;
    }

    private static boolean declares(@Nullable ParameterDefinitionsContext tree, String name) {
        return tree != null && tree.parameterDefinition().stream()
                .anyMatch(parameter -> Literals.identifier(parameter.ID().getSymbol()).equals(name));
    }

    /** The parameters' values: those of {@code given}, else the defaults; null, and reported at {@code use}, if one has neither. */
    private @Nullable Map<String, Scope.Parameter> bind(Scope.ComponentType type, Map<String, ParameterBindingContext> given,
            @Nullable Span use) {
        Map<String, Scope.Parameter> bound = new LinkedHashMap<>();
        if (type.tree().parameterDefinitions() == null) {
            return bound;
        }
        // A default may use the parameters before it, and what can be seen from the definition; a binding is evaluated where it stands.
        Scope inner = new Scope(new Scope.Surrounding(type.scope(), bound, Map.of()), type.scope().component());
        for (ParameterDefinitionContext parameter : type.tree().parameterDefinitions().parameterDefinition()) {
            String name = Literals.identifier(parameter.ID().getSymbol());
            ParameterBindingContext binding = given.get(name);
            ExpressionContext expression = binding == null ? parameter.expression() : binding.expression();
            if (expression == null) {
                if (use != null) {
                    diagnostics.error(use, "parameter '" + name + "' has no default and is not given");
                }
                return null;
            }
            Scope.Parameter value = evaluate(parameter, expression, binding == null ? elaboration.expressions(inner) : expressions, inner);
            if (value == null) {
                return null;
            }
            if (bound.put(name, value) != null) {
                diagnostics.error(Spans.of(parameter.ID().getSymbol()), "parameter '" + name + "' is declared twice");
            }
        }
        return bound;
    }

    private Scope.@Nullable Parameter evaluate(ParameterDefinitionContext parameter, ExpressionContext expression, Expressions at,
            Scope inner) {
        DataType type = new TypeElaborator(inner, elaboration).resolve(parameter.dataType(), parameter.arrayMark() != null);
        Value value = type == null ? null : at.evaluate(expression, type);
        if (value == null) {
            return null;
        }
        if (holdsReference(value)) {
            diagnostics.error(Spans.of(expression), "parameter '" + parameter.ID().getText() + "' cannot hold a reference to a component");
            return null;
        }
        boolean hasOwnWidth = parameter.dataType().getText().startsWith("bit");
        return new Scope.Parameter(value, value instanceof Value.Flag ? 1 : hasOwnWidth ? at.widthOf(expression) : Widths.PLAIN);
    }

    private static boolean holdsReference(Value value) {
        return switch (value) {
            case Value.Reference reference -> true;
            case Value.ListOf(List<Value> elements) -> elements.stream().anyMatch(Specialiser::holdsReference);
            case Value.Struct(String type, Map<String, Value> members) -> members.values().stream().anyMatch(Specialiser::holdsReference);
            default -> false;
        };
    }
}
