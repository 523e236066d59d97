package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.source.Warning;
import dev.openppu.rdl.syntax.Literals;
import dev.openppu.rdl.syntax.SystemRdlParser.*;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Elaborates property assignments in one scope: local, default, and through the hierarchy. */
final class PropertyAssigner {

    /** The name under which a component carries its {@code posedge}, {@code level}, … that stands before {@code intr}. */
    static final String INTERRUPT_TYPE = "intr type";
    static final String NON_STICKY = "nonsticky";

    private final Scope scope;
    private final Elaboration elaboration;
    private final Diagnostics diagnostics;
    private final Expressions expressions;
    private final Map<String, Span> assignedThere = new HashMap<>();

    PropertyAssigner(Scope scope, Elaboration elaboration) {
        this.scope = scope;
        this.elaboration = elaboration;
        this.diagnostics = elaboration.diagnostics();
        this.expressions = elaboration.expressions(scope);
    }

    // ---- in a body

    void assign(LocalAssignmentContext tree) {
        boolean isDefault = tree.DEFAULT() != null;
        if (scope.isRoot() && !isDefault) {
            diagnostics.error(Spans.of(tree), "a property is assigned in a component's body",
                    "to assign it to all components that follow, write 'default' before it");
            return;
        }
        Component component = scope.component();
        if (tree.ID() != null) {
            String name = Literals.identifier(tree.ID().getSymbol());
            assignInterrupt(name, tree.INTERRUPT_MODIFIER(), Spans.of(tree),
                    (property, value) -> assignHere(property, value, Spans.of(tree), isDefault, component));
            return;
        }
        String name = Literals.identifier(tree.propertyName().getStart());
        Value value = value(name, tree.propertyName(), tree.assignmentValue());
        if (value != null) {
            assignHere(name, value, Spans.of(tree), isDefault, component);
        }
    }

    private void assignHere(String name, Value value, Span span, boolean isDefault, Component component) {
        if (isDefault) {
            Assignment before = scope.defaults().put(name, new Assignment(value, span, true));
            if (before != null && !name.equals("intr")) {
                diagnostics.error(span, "'" + name + "' has a default in this scope already", before.span(), "it stands here");
            }
        } else if (mayStandOn(component, name, span)) {
            Assignment before = component.assignments().get(name);
            if (before != null && !name.equals("intr")) {
                diagnostics.error(span, "'" + name + "' is assigned twice", before.span(), "first assigned here");
            }
            put(component, name, value, span);
        }
    }

    private interface Sink {
        void accept(String property, Value value);
    }

    private void assignInterrupt(String name, List<TerminalNode> modifiers, Span span, Sink sink) {
        if (!name.equals("intr")) {
            diagnostics.error(span, "'" + modifiers.getFirst().getText() + "' stands before intr only");
            return;
        }
        sink.accept("intr", Value.Flag.TRUE);
        for (TerminalNode modifier : modifiers) {
            if (modifier.getText().equals(NON_STICKY)) {
                sink.accept(NON_STICKY, Value.Flag.TRUE);
            } else {
                sink.accept(INTERRUPT_TYPE, new Value.Keyword(modifier.getText()));
            }
        }
    }

    private @Nullable Value value(String name, PropertyNameContext tree, @Nullable AssignmentValueContext value) {
        PropertyRule rule = elaboration.rule(name);
        if (rule == null && elaboration.oldDialect()) {
            diagnostics.warning(Warning.NOT_STANDARD, Spans.of(tree),
                    "'" + name + "' is defined nowhere: taken as a property of the user's");
            rule = PropertyRule.undeclared(name);
            elaboration.define(rule);
        }
        if (rule == null) {
            diagnostics.error(Spans.of(tree), "no property is called '" + name + "'",
                    Suggestions.hint(name, elaboration.propertyNames()));
            return null;
        }
        if (value == null) {
            Value bare = rule.bareValue();
            if (bare == null) {
                diagnostics.error(Spans.of(tree), "'" + name + "' needs a value: " + rule.type().describe());
            }
            return bare;
        }
        return expressions.evaluate(value.expression(), rule.type());
    }

    private boolean mayStandOn(Component component, String name, Span span) {
        PropertyRule rule = ruleOf(name);
        if (rule != null && !rule.targets().contains(component.kind())) {
            diagnostics.error(span, "'" + name + "' is no property of a " + component.kind().keyword());
            return false;
        }
        return true;
    }

    private @Nullable PropertyRule ruleOf(String name) {
        return elaboration.rule(name.equals(INTERRUPT_TYPE) || name.equals(NON_STICKY) ? "intr" : name);
    }

    private static void put(Component component, String name, Value value, Span span) {
        component.assignments().put(name, new Assignment(fitted(component, name, value), span, false));
    }

    /** Masks make sense for fields only: elsewhere a number there is a boolean. */
    private static Value fitted(Component component, String name, Value value) {
        boolean isMask = name.equals("donttest") || name.equals("dontcompare");
        return isMask && component.kind() != ComponentKind.FIELD && value instanceof Value.Num number
                ? Value.Flag.of(number.value().signum() != 0)
                : value;
    }

    // ---- with an instance

    /** {@code field {} f = 5;} */
    void assignReset(Instance instance, ExpressionContext tree) {
        PropertyRule rule = elaboration.rule("reset");
        Value value = rule == null ? null : expressions.evaluate(tree, rule.type());
        if (value != null) {
            put(instance.ownComponent(), "reset", value, Spans.of(tree));
        }
    }

    // ---- through the hierarchy

    void assign(DynamicAssignmentContext tree) {
        InstanceReferenceContext path = tree.instanceReference();
        for (InstanceStepContext step : path.instanceStep()) {
            if (!step.arraySuffix().isEmpty()) {
                diagnostics.error(Spans.of(step), "assignments to one element of an array are not supported",
                        "assign to the whole array, or instantiate the element by itself");
                return;
            }
        }
        Component component = ownComponent(path);
        if (component == null) {
            return;
        }
        Span span = Spans.of(tree);
        if (tree.ID() != null) {
            assignInterrupt(Literals.identifier(tree.ID().getSymbol()), tree.INTERRUPT_MODIFIER(), span,
                    (property, value) -> assignThere(component, property, value, span));
            return;
        }
        String name = Literals.identifier(tree.propertyName().getStart());
        Value value = value(name, tree.propertyName(), tree.assignmentValue());
        Span before = assignedThere.put(path.getText() + "->" + name, span);
        if (before != null) {
            diagnostics.error(span, "'" + name + "' of '" + path.getText() + "' is assigned twice in this scope", before,
                    "first assigned here");
        } else if (value != null) {
            assignThere(component, name, value, span);
        }
    }

    private void assignThere(Component component, String name, Value value, Span span) {
        PropertyRule rule = ruleOf(name);
        if (rule != null && !rule.dynamic()) {
            diagnostics.error(span, "'" + name + "' cannot be assigned through the hierarchy",
                    "assign it in the component's body");
        } else if (mayStandOn(component, name, span)) {
            if (!value.equals(Value.Flag.FALSE)) {
                dropExcluded(component, rule, name, span);
            }
            put(component, name, value, span);
        }
    }

    /** A dynamic assignment overrides what excludes it, as it overrides an earlier value of its own; what a body says so is lost, and may have been meant. */
    private void dropExcluded(Component component, @Nullable PropertyRule rule, String name, Span span) {
        if (rule != null && rule.group() != null) {
            String group = rule.group();
            String own = rule.name();
            component.assignments().entrySet().removeIf(each -> {
                PropertyRule other = elaboration.rule(each.getKey());
                boolean excluded = other != null && !other.name().equals(own) && group.equals(other.group());
                Assignment lost = each.getValue();
                if (excluded && !lost.byDefault() && !lost.value().equals(Value.Flag.FALSE)) {
                    diagnostics.warning(Warning.WITHOUT_EFFECT, span, "'" + name + "' and '" + each.getKey()
                            + "' exclude each other: '" + each.getKey() + "' is overridden", lost.span(), "it stands here, without effect");
                }
                return excluded;
            });
        }
    }

    private @Nullable Component ownComponent(InstanceReferenceContext path) {
        Component component = scope.component();
        for (InstanceStepContext step : path.instanceStep()) {
            String name = Literals.identifier(step.ID().getSymbol());
            Instance instance = component.children().get(name);
            if (instance == null) {
                diagnostics.error(Spans.of(step), "there is no instance '" + name + "' here",
                        Suggestions.hint(name, component.children().keySet()));
                return null;
            }
            component = instance.ownComponent();
        }
        return component;
    }

    // ---- defaults

    /** Gives {@code component} what the defaults around its definition say and its body does not. */
    static void applyDefaults(Component component, Map<String, Assignment> defaults, Elaboration elaboration) {
        defaults.forEach((name, assignment) -> {
            PropertyRule rule = elaboration.rule(name.equals(INTERRUPT_TYPE) || name.equals(NON_STICKY) ? "intr" : name);
            if (rule != null && rule.targets().contains(component.kind()) && !component.assignments().containsKey(name)
                    && !excluded(component, rule, elaboration)) {
                Value value = fitted(component, name, assignment.value());
                component.assignments().put(name, new Assignment(value, assignment.span(), true));
            }
        });
    }

    private static boolean excluded(Component component, PropertyRule rule, Elaboration elaboration) {
        String group = rule.group();
        return group != null && component.assignments().keySet().stream().map(elaboration::rule)
                .anyMatch(other -> other != null && !other.name().equals(rule.name()) && group.equals(other.group()));
    }
}
