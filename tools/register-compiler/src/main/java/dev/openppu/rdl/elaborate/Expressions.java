package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.source.Diagnostics;
import dev.openppu.rdl.source.Span;
import dev.openppu.rdl.syntax.Literals;
import dev.openppu.rdl.syntax.SystemRdlParser.*;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions in one scope, by the standard's rules for widths: all numbers are unsigned; operands of an arithmetic or
 * bitwise operator take the width of the widest, and of what surrounds it; shifts and powers that of their left operand.
 * A null result means that the reason has been reported.
 */
final class Expressions {

    private static final int LONGEST_TEXT = 1 << 20;

    private final Scope scope;
    private final References references;
    private final Diagnostics diagnostics;
    private final boolean oldDialect;
    private final Widths widths;
    private final Arithmetic arithmetic;

    Expressions(Scope scope, References references, Diagnostics diagnostics, boolean oldDialect) {
        this.scope = scope;
        this.references = references;
        this.diagnostics = diagnostics;
        this.oldDialect = oldDialect;
        this.widths = new Widths(this, scope);
        this.arithmetic = new Arithmetic(this, widths);
    }

    /** Thrown where a subexpression cannot be evaluated, after its reason was reported. */
    static final class Unevaluable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unevaluable() {
            super(null, null, false, false);
        }
    }

    Unevaluable fail(Span span, String message) {
        diagnostics.error(span, message);
        return new Unevaluable();
    }

    /** The value of {@code tree} as a value of {@code type}; null if it is none. */
    @Nullable
    Value evaluate(ExpressionContext tree, DataType type) {
        try {
            Value value = asType(tree, type);
            if (value != null) {
                return value;
            }
            throw fail(Spans.of(tree), "this is " + describe(evaluate(tree)) + ", but " + type.describe() + " is needed");
        } catch (Unevaluable e) {
            return null;
        }
    }

    private @Nullable Value asType(ExpressionContext tree, DataType type) {
        String word = bareWord(tree);
        if (word != null && scope.parameter(word) == null) {
            if (type == DataType.Basic.ENUM && scope.find(word) instanceof Scope.EnumDefinition definition) {
                return new Value.EnumRef(definition.type());
            }
            if (type == DataType.Basic.ENUM) {
                throw fail(Spans.of(tree), "no enum is called '" + word + "' here");
            }
            boolean isInstance = scope.component().children().containsKey(word);
            if (oldDialect && (type == DataType.Basic.STRING || type == DataType.OneOf.ANYTHING && !isInstance)) {
                return new Value.Text(word);
            }
        }
        Value value = evaluate(tree);
        if (value instanceof Value.Reference reference && !type.accepts(value)) {
            value = dereference(reference, Spans.of(tree));
        }
        return coerce(value, type);
    }

    private static @Nullable Value coerce(Value value, DataType type) {
        if (value instanceof Value.ListOf(List<Value> elements) && type instanceof DataType.ListOf(DataType element)) {
            List<Value> coerced = new ArrayList<>();
            for (Value each : elements) {
                Value made = coerce(each, element);
                if (made == null) {
                    return null;
                }
                coerced.add(made);
            }
            return new Value.ListOf(coerced);
        }
        if (type.accepts(value)) {
            return value;
        }
        if (type instanceof DataType.OneOf(List<DataType> choices)) {
            return choices.stream().map(choice -> coerce(value, choice)).filter(Objects::nonNull).findFirst().orElse(null);
        }
        BigInteger number = numeric(value);
        if (number != null && type == DataType.Basic.NUMBER) {
            return new Value.Num(number);
        }
        return number != null && type == DataType.Basic.BOOLEAN ? Value.Flag.of(number.signum() != 0) : null;
    }

    /** The number that a number, a boolean or an entry of an enumeration stands for; null for any other value. */
    static @Nullable BigInteger numeric(Value value) {
        return switch (value) {
            case Value.Num(BigInteger number) -> number;
            case Value.Flag(boolean flag) -> flag ? BigInteger.ONE : BigInteger.ZERO;
            case Value.EnumValue(EnumType type, EnumType.Entry entry) -> entry.value();
            default -> null;
        };
    }

    /** The number that {@code tree} comes to; null if it comes to none. */
    @Nullable
    BigInteger number(ExpressionContext tree) {
        try {
            return arithmetic.number(tree, Widths.PLAIN);
        } catch (Unevaluable e) {
            return null;
        }
    }

    /** The number that {@code tree} comes to, from {@code least} to {@code most}; null if it comes to none such. */
    @Nullable
    Long number(ExpressionContext tree, String what, long least, long most) {
        BigInteger number = number(tree);
        if (number == null) {
            return null;
        }
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            diagnostics.error(Spans.of(tree), what + " is " + describe(number) + ", but must be from " + least + " to " + most);
            return null;
        }
        return number.longValueExact();
    }

    /** The number, and what was probably written: the language has no negative numbers. */
    static String describe(BigInteger number) {
        return number.bitLength() == Long.SIZE
                ? number + " (" + number.longValue() + " in 64 bits, which have no sign)"
                : number.toString();
    }

    /** The width of {@code tree} by itself, in bits; 64 where it cannot be told. */
    int widthOf(ExpressionContext tree) {
        try {
            return widths.of(tree);
        } catch (Unevaluable e) {
            return Widths.PLAIN;
        }
    }

    /** The value of {@code tree}, whatever its type. */
    Value evaluate(ExpressionContext tree) {
        return switch (tree) {
            case ParenthesisedContext inner -> evaluate(inner.expression());
            case BooleanLiteralContext literal -> Value.Flag.of(literal.TRUE() != null);
            case StringLiteralContext literal -> new Value.Text(text(literal.STRING_LITERAL()));
            case KeywordLiteralContext literal -> new Value.Keyword(literal.getText());
            case EnumLiteralContext literal -> enumValue(literal);
            case ArrayLiteralContext literal -> new Value.ListOf(literal.expression().stream().map(this::evaluate).toList());
            case StructLiteralContext literal -> struct(literal);
            case ReferenceContext reference -> reference(reference.propertyOrInstanceReference());
            case TernaryContext choice -> evaluate(choice.expression(arithmetic.truth(choice.expression(0)) ? 1 : 2));
            case ThisLiteralContext self -> throw fail(Spans.of(self), "'this' has a meaning in constraints only");
            case UnaryContext unary when unary.op.getText().equals("!") -> Value.Flag.of(!arithmetic.truth(unary.expression()));
            case BinaryContext binary when Arithmetic.isTruthOperator(binary.op) -> Value.Flag.of(arithmetic.compare(binary));
            case TypeCastContext cast when cast.basicType().BOOLEAN() != null -> Value.Flag.of(arithmetic.truth(cast.expression()));
            case ConcatenationContext parts when isText(parts) -> new Value.Text(join(parts));
            default -> new Value.Num(arithmetic.number(tree));
        };
    }

    private static String text(List<TerminalNode> parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(Literals.string(part.getText())));
        return text.toString();
    }

    private boolean isText(ConcatenationContext tree) {
        ExpressionContext part = tree.repeated.isEmpty() ? tree.first : tree.repeated.getFirst();
        return switch (part) {
            case StringLiteralContext literal -> true;
            case ConcatenationContext inner -> isText(inner);
            case ReferenceContext reference -> evaluate(reference) instanceof Value.Text;
            default -> false;
        };
    }

    private String join(ConcatenationContext tree) {
        List<ExpressionContext> parts = new ArrayList<>(tree.repeated.isEmpty() ? tree.rest : tree.repeated);
        if (tree.repeated.isEmpty()) {
            parts.addFirst(tree.first);
        }
        StringBuilder text = new StringBuilder();
        for (ExpressionContext part : parts) {
            if (!(evaluate(part, DataType.Basic.STRING) instanceof Value.Text(String each))) {
                throw new Unevaluable();
            }
            text.append(each);
        }
        long times = tree.repeated.isEmpty() ? 1 : widths.replications(tree);
        if (times * text.length() > LONGEST_TEXT) {
            throw fail(Spans.of(tree), "this string is " + times * text.length() + " characters long, but may have " + LONGEST_TEXT);
        }
        return text.toString().repeat((int) times);
    }

    private EnumType findEnum(Token name) {
        if (scope.find(Literals.identifier(name)) instanceof Scope.EnumDefinition definition) {
            return definition.type();
        }
        throw fail(Spans.of(name), "no enum is called '" + Literals.identifier(name) + "' here");
    }

    private Value enumValue(EnumLiteralContext literal) {
        EnumType type = findEnum(literal.ID(0).getSymbol());
        String entry = Literals.identifier(literal.ID(1).getSymbol());
        return type.find(entry).map(found -> new Value.EnumValue(type, found)).orElseThrow(
                () -> fail(Spans.of(literal), "enum " + type.name() + " has no entry '" + entry + "'"));
    }

    private Value struct(StructLiteralContext literal) {
        String name = Literals.identifier(literal.ID().getSymbol());
        if (!(scope.find(name) instanceof Scope.StructDefinition(DataType.OfStruct type, Span span))) {
            throw fail(Spans.of(literal.ID().getSymbol()), "no struct is called '" + name + "' here");
        }
        if (type.isAbstract()) {
            throw fail(Spans.of(literal), "struct " + name + " is abstract: only a struct derived from it has values");
        }
        Map<String, Value> members = new LinkedHashMap<>();
        for (StructEntryContext entry : literal.structEntry()) {
            String member = Literals.identifier(entry.ID().getSymbol());
            DataType memberType = type.members().get(member);
            if (memberType == null) {
                throw fail(Spans.of(entry), "struct " + name + " has no member '" + member + "'");
            }
            Value value = evaluate(entry.expression(), memberType);
            if (value == null) {
                throw new Unevaluable();
            }
            if (members.put(member, value) != null) {
                throw fail(Spans.of(entry), "member '" + member + "' is given twice");
            }
        }
        Map<String, Value> all = new LinkedHashMap<>();
        type.members().forEach((member, memberType) -> {
            Value value = members.containsKey(member) ? members.get(member) : memberType.unassigned();
            if (value == null) {
                throw fail(Spans.of(literal), "member '" + member + "' of struct " + name + " is missing, and has no default");
            }
            all.put(member, value);
        });
        return new Value.Struct(name, all);
    }

    // ---- references

    static @Nullable String bareWord(ExpressionContext tree) {
        if (tree instanceof ReferenceContext reference && reference.propertyOrInstanceReference().propertyName() == null) {
            InstanceReferenceContext path = reference.propertyOrInstanceReference().instanceReference();
            if (path.instanceStep().size() == 1 && path.instanceStep(0).arraySuffix().isEmpty()) {
                return Literals.identifier(path.instanceStep(0).ID().getSymbol());
            }
        }
        return null;
    }

    private Value reference(PropertyOrInstanceReferenceContext tree) {
        List<Value.Step> steps = steps(tree.instanceReference());
        Scope.Parameter parameter = scope.parameter(steps.getFirst().name());
        if (parameter != null && tree.propertyName() == null) {
            return memberOf(parameter.value(), steps, Spans.of(tree));
        }
        String property = tree.propertyName() == null ? null : Literals.identifier(tree.propertyName().getStart());
        return references.add(scope, steps, property, Spans.of(tree));
    }

    /** The names and indices of {@code tree}. */
    List<Value.Step> steps(InstanceReferenceContext tree) {
        List<Value.Step> steps = new ArrayList<>();
        for (InstanceStepContext step : tree.instanceStep()) {
            List<Long> indices = new ArrayList<>();
            for (ArraySuffixContext suffix : step.arraySuffix()) {
                Long index = number(suffix.expression(), "the index", 0, Long.MAX_VALUE);
                if (index == null) {
                    throw new Unevaluable();
                }
                indices.add(index);
            }
            steps.add(new Value.Step(Literals.identifier(step.ID().getSymbol()), indices));
        }
        return steps;
    }

    private Value memberOf(Value whole, List<Value.Step> steps, Span span) {
        Value value = elementOf(whole, steps.getFirst(), span);
        for (Value.Step step : steps.subList(1, steps.size())) {
            Value member = value instanceof Value.Struct(String type, Map<String, Value> members)
                    ? members.get(step.name())
                    : null;
            if (member == null) {
                throw fail(span, "there is no member '" + step.name() + "' in " + describe(value));
            }
            value = elementOf(member, step, span);
        }
        return value;
    }

    private Value elementOf(Value whole, Value.Step step, Span span) {
        Value value = whole;
        for (long index : step.indices()) {
            if (!(value instanceof Value.ListOf(List<Value> elements)) || index >= elements.size()) {
                throw fail(span, "there is no element " + index + " in " + describe(value));
            }
            value = elements.get((int) index);
        }
        return value;
    }

    private String whyNoValue(Value.Reference reference) {
        String name = reference.steps().getFirst().name();
        return scope.find(name) == null
                ? "'" + reference + "' names an instance, if anything; its value is not known at compile time"
                : "'" + reference + "' is a type, not a value";
    }

    /** The value that a reference to a property stands for at this moment. */
    Value dereference(Value.Reference reference, Span span) {
        String property = reference.property();
        if (property == null) {
            throw fail(span, whyNoValue(reference));
        }
        Component component = Instances.follow(scope, reference.steps());
        if (component == null) {
            throw fail(span, "there is no instance '" + new Value.Reference(0, reference.steps(), null) + "' here yet");
        }
        Assignment assignment = component.assignments().get(property);
        if (assignment == null) {
            throw fail(span, "'" + property + "' was not assigned there, and its default is no constant here");
        }
        return assignment.value();
    }

    /** How messages call {@code value}. */
    static String describe(Value value) {
        return switch (value) {
            case Value.Flag flag -> "the boolean " + flag.value();
            case Value.Num number -> "the number " + number.value();
            case Value.Text text -> "a string";
            case Value.Keyword keyword -> "'" + keyword.word() + "'";
            case Value.EnumRef type -> "enum " + type.type().name();
            case Value.EnumValue entry -> entry.type().name() + "::" + entry.entry().name();
            case Value.ListOf list -> "an array";
            case Value.Struct struct -> "a struct " + struct.type();
            case Value.Reference reference -> "the reference " + reference;
        };
    }
}
