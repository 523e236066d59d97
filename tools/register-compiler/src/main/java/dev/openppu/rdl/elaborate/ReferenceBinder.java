package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds references that waited: finds, from the place of the component that holds one, the block in which its steps begin. */
final class ReferenceBinder {

    private final Elaboration elaboration;
    private final Component root;
    private final List<Component> path = new ArrayList<>();
    private final List<Use> uses = new ArrayList<>();
    private int escapes;

    /**
     * A reference that was bound.
     *
     * @param property  the property that holds it
     * @param reference what is referred to
     * @param target    the instance at its end
     * @param span      where it is written
     */
    record Use(String property, Value.Reference reference, Instance target, Span span) {}

    ReferenceBinder(Elaboration elaboration, Component root) {
        this.elaboration = elaboration;
        this.root = root;
    }

    void enter(Component component) {
        path.add(component);
        uses.clear();
    }

    /** The references in the properties of the component entered last. */
    List<Use> uses() {
        return uses;
    }

    void leave() {
        path.removeLast();
    }

    /**
     * How many references so far led out of the lexical scope of a block's own instances, so that the block's contents depend on
     * where it stands.
     */
    int escapes() {
        return escapes;
    }

    /** {@code value} of a property with every reference in it bound; null, and reported, if one leads nowhere. */
    @Nullable
    Value bind(Value value, @Nullable PropertyRule rule) {
        return switch (value) {
            case Value.Reference reference when References.isPending(reference) -> bind(reference, rule);
            case Value.ListOf(List<Value> elements) -> {
                List<Value> bound = new ArrayList<>();
                for (Value element : elements) {
                    Value each = bind(element, rule);
                    if (each != null) {
                        bound.add(each);
                    }
                }
                yield new Value.ListOf(bound);
            }
            case Value.Struct(String type, Map<String, Value> members) -> {
                Map<String, Value> bound = new LinkedHashMap<>();
                members.forEach((name, member) -> {
                    Value each = bind(member, null);
                    if (each != null) {
                        bound.put(name, each);
                    }
                });
                yield new Value.Struct(type, bound);
            }
            default -> value;
        };
    }

    private @Nullable Value bind(Value.Reference reference, @Nullable PropertyRule rule) {
        References.Pending pending = elaboration.references().find(reference);
        String first = reference.steps().getFirst().name();
        for (Scope scope = pending.scope(); scope != null; scope = scope.parent()) {
            int anchor = scope.isRoot() ? -1 : lastIndexOf(scope.component());
            Component at = anchor >= 0 ? path.get(anchor) : scope.isRoot() ? root : null;
            if (at != null && at.children().containsKey(first)) {
                return bindFrom(at, anchor, reference, rule, pending.span());
            }
        }
        // Older files name what stands around the instance, not around the definition.
        for (int level = path.size() - 1; level >= 0 && elaboration.oldDialect(); level--) {
            if (path.get(level).children().containsKey(first)) {
                return bindFrom(path.get(level), level, reference, rule, pending.span());
            }
        }
        elaboration.diagnostics().error(pending.span(), "there is no instance '" + first + "' here",
                Suggestions.hint(first, pending.scope().component().children().keySet()));
        return null;
    }

    private Value bindFrom(Component at, int anchor, Value.Reference reference, @Nullable PropertyRule rule, Span span) {
        Instance target = checkRest(at, reference, span);
        if (target != null && rule != null) {
            checkKind(target.component(), reference, rule, span);
            uses.add(new Use(rule.name(), reference, target, span));
        }
        // The root's signals are handed on as children of the top address map.
        int level = Math.max(anchor, 0);
        if (level < firstOwnLevel()) {
            escapes++;
        }
        return new Value.Reference(path.size() - 1 - level, reference.steps(), reference.property());
    }

    /** Every reference that leaves the innermost block makes that block depend on its place. */
    private int firstOwnLevel() {
        for (int i = path.size() - 1; i >= 0; i--) {
            ComponentKind kind = path.get(i).kind();
            if (kind == ComponentKind.ADDRMAP || kind == ComponentKind.REGFILE || kind == ComponentKind.MEM) {
                return i;
            }
        }
        return 0;
    }

    private int lastIndexOf(Component lexical) {
        for (int i = path.size() - 1; i >= 0; i--) {
            if (path.get(i).origin() == lexical.origin()) {
                return i;
            }
        }
        return -1;
    }

    /** The instance at the end; null, and reported, if there is none. */
    private @Nullable Instance checkRest(Component from, Value.Reference reference, Span span) {
        Component at = from;
        Instance instance = null;
        for (Value.Step step : reference.steps()) {
            instance = at.children().get(step.name());
            if (instance == null) {
                elaboration.diagnostics().error(span, "there is no instance '" + step.name() + "' in " + reference,
                        Suggestions.hint(step.name(), at.children().keySet()));
                return null;
            }
            List<Long> dimensions = instance.component().kind().isAddressable() ? instance.layout().dimensions() : List.of();
            for (int i = 0; i < step.indices().size(); i++) {
                if (i >= dimensions.size() || step.indices().get(i) >= dimensions.get(i)) {
                    elaboration.diagnostics().error(span, "there is no element " + step.indices() + " of '" + step.name() + "'",
                            instance.span(), "it is instantiated here");
                    return null;
                }
            }
            at = instance.component();
        }
        return instance;
    }

    private void checkKind(Component target, Value.Reference reference, PropertyRule rule, Span span) {
        DataType type = rule.type() instanceof DataType.ListOf(DataType element) ? element : rule.type();
        boolean fits = type instanceof DataType.ReferenceTo(Set<ComponentKind> kinds)
                ? kinds.contains(target.kind())
                : !target.kind().isAddressable() || reference.property() != null;
        if (!fits) {
            String wanted = type instanceof DataType.ReferenceTo ? type.describe() : "a reference to a field or a signal";
            elaboration.diagnostics().error(span, "'" + reference + "' is a " + target.kind().keyword() + ", but '" + rule.name()
                    + "' takes " + wanted);
        } else if (rule.name().equals("resetsignal") && target.kind() != ComponentKind.SIGNAL) {
            elaboration.diagnostics().error(span, "'" + reference + "' is a " + target.kind().keyword()
                    + ", but 'resetsignal' takes a signal");
        }
    }
}
