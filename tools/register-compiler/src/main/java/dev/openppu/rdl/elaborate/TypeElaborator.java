package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.syntax.Literals;
import dev.openppu.rdl.syntax.SystemRdlParser.*;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Elaborates definitions of enumerations, structures and properties, and uses of types. */
final class TypeElaborator {

    private final Scope scope;
    private final Elaboration elaboration;
    private final Diagnostics diagnostics;
    private final Expressions expressions;

    TypeElaborator(Scope scope, Elaboration elaboration) {
        this.scope = scope;
        this.elaboration = elaboration;
        this.diagnostics = elaboration.diagnostics();
        this.expressions = elaboration.expressions(scope);
    }

    private void define(String name, Scope.Definition definition) {
        Scope.Definition before = scope.define(name, definition);
        if (before != null) {
            diagnostics.error(definition.span(), "'" + name + "' is defined twice", before.span(), "first defined here");
        }
    }

    // ---- enumerations

    void define(EnumDefinitionContext tree) {
        String name = Literals.identifier(tree.ID().getSymbol());
        List<EnumType.Entry> entries = new ArrayList<>();
        Map<String, Span> names = new HashMap<>();
        Map<BigInteger, Span> values = new HashMap<>();
        BigInteger next = BigInteger.ZERO;
        for (EnumEntryContext entry : tree.enumEntry()) {
            BigInteger value = entry.expression() == null ? next : expressions.number(entry.expression());
            if (value == null) {
                continue;
            }
            Span span = Spans.of(entry.ID().getSymbol());
            String entryName = Literals.identifier(entry.ID().getSymbol());
            Span sameName = names.put(entryName, span);
            Span sameValue = values.put(value, span);
            if (sameName != null) {
                diagnostics.error(span, "entry '" + entryName + "' stands twice in enum " + name, sameName, "first here");
            } else if (sameValue != null) {
                diagnostics.error(span, "value " + value + " stands twice in enum " + name, sameValue, "first here");
            }
            entries.add(new EnumType.Entry(entryName, value, entryText(entry, "name"), entryText(entry, "desc")));
            next = value.add(BigInteger.ONE);
        }
        if (tree.enumEntry().isEmpty()) {
            diagnostics.error(Spans.of(tree.ID().getSymbol()), "enum " + name + " has no entry");
        }
        define(name, new Scope.EnumDefinition(new EnumType(name, entries), Spans.of(tree.ID().getSymbol())));
    }

    private @Nullable String entryText(EnumEntryContext entry, String property) {
        String text = null;
        for (EnumEntryPropertyContext assignment : entry.enumEntryProperty()) {
            String name = Literals.identifier(assignment.ID().getSymbol());
            if (!name.equals("name") && !name.equals("desc")) {
                diagnostics.error(Spans.of(assignment), "an entry of an enum has a name and a desc, but no '" + name + "'");
            } else if (name.equals(property)
                    && expressions.evaluate(assignment.expression(), DataType.Basic.STRING) instanceof Value.Text(String value)) {
                text = value;
            }
        }
        return text;
    }

    // ---- structures

    void define(StructDefinitionContext tree) {
        String name = Literals.identifier(tree.name);
        DataType.OfStruct base = null;
        Map<String, DataType> members = new LinkedHashMap<>();
        if (tree.base != null) {
            if (!(scope.find(Literals.identifier(tree.base)) instanceof Scope.StructDefinition found)) {
                diagnostics.error(Spans.of(tree.base), "no struct is called '" + Literals.identifier(tree.base) + "' here");
                return;
            }
            base = found.type();
            members.putAll(base.members());
        }
        for (StructMemberContext member : tree.structMember()) {
            DataType type = resolve(member.dataType(), member.arrayMark() != null);
            if (type != null && members.put(Literals.identifier(member.ID().getSymbol()), type) != null) {
                diagnostics.error(Spans.of(member.ID().getSymbol()), "member '" + member.ID().getText() + "' is declared twice");
            }
        }
        DataType.OfStruct type = new DataType.OfStruct(name, base, tree.ABSTRACT() != null, members);
        define(name, new Scope.StructDefinition(type, Spans.of(tree.name)));
    }

    // ---- properties

    void define(PropertyDefinitionContext tree) {
        Span span = Spans.of(tree.ID().getSymbol());
        String name = Literals.identifier(tree.ID().getSymbol());
        if (!scope.isRoot()) {
            diagnostics.error(span, "properties are defined at the root only");
            return;
        }
        DataType type = null;
        Set<ComponentKind> targets = EnumSet.noneOf(ComponentKind.class);
        ExpressionContext defaultTree = null;
        boolean fitsComponent = false;
        for (PropertyAttributeContext attribute : tree.propertyAttribute()) {
            switch (attribute) {
                case PropertyTypeContext of -> type = resolve(of.dataType(), of.arrayMark() != null);
                case PropertyTargetsContext of -> of.propertyTarget().forEach(target -> addTarget(target, targets));
                case PropertyDefaultContext of -> defaultTree = of.expression();
                default -> fitsComponent = true;
            }
        }
        if (type == null || targets.isEmpty() && tree.propertyAttribute().stream().noneMatch(PropertyTargetsContext.class::isInstance)) {
            diagnostics.error(span, "property '" + name + "' needs a type and the components that it is for");
            return;
        }
        Value userDefault = defaultTree == null ? null : expressions.evaluate(defaultTree, type);
        if (!elaboration.define(new PropertyRule(name, targets, type, null, true, userDefault, true, fitsComponent))) {
            diagnostics.error(span, "property '" + name + "' exists already");
        }
    }

    private static void addTarget(PropertyTargetContext target, Set<ComponentKind> targets) {
        if (target.ALL() != null) {
            targets.addAll(EnumSet.allOf(ComponentKind.class));
        } else if (target.componentType() != null) {
            targets.add(ComponentKind.of(target.componentType().getText()));
        }
    }

    // ---- uses

    /** The type that {@code tree} means; null, and reported, if there is none. */
    @Nullable
    DataType resolve(DataTypeContext tree, boolean array) {
        DataType element = resolve(tree);
        return element == null || !array ? element : new DataType.ListOf(element);
    }

    private @Nullable DataType resolve(DataTypeContext tree) {
        if (tree.componentType() != null) {
            return new DataType.ReferenceTo(EnumSet.of(ComponentKind.of(tree.componentType().getText())));
        }
        if (tree.basicType() != null) {
            return basic(tree.basicType());
        }
        String name = Literals.identifier(tree.ID().getSymbol());
        return switch (scope.find(name)) {
            case Scope.EnumDefinition of -> new DataType.OfEnum(of.type());
            case Scope.StructDefinition of -> of.type();
            case null, default -> {
                diagnostics.error(Spans.of(tree), "no type is called '" + name + "' here");
                yield null;
            }
        };
    }

    private static DataType basic(BasicTypeContext tree) {
        return switch (tree.getStart().getText()) {
            case "boolean" -> DataType.Basic.BOOLEAN;
            case "string" -> DataType.Basic.STRING;
            case "ref" -> DataType.ReferenceTo.ANY;
            case "accesstype" -> DataType.Basic.ACCESS;
            case "addressingtype" -> DataType.Basic.ADDRESSING;
            case "onreadtype" -> DataType.Basic.ON_READ;
            case "onwritetype" -> DataType.Basic.ON_WRITE;
            default -> DataType.Basic.NUMBER;
        };
    }
}
