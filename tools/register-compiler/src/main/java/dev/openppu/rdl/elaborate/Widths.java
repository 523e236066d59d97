package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.syntax.Literals;
import dev.openppu.rdl.syntax.SystemRdlParser.*;
import java.math.BigInteger;
import java.util.IdentityHashMap;
import java.util.Map;
import org.antlr.v4.runtime.Token;

/** The standard's rules for how wide an expression is by itself. */
final class Widths {

    /** The width of a number that says none. */
    static final int PLAIN = 64;

    /** No sensible description has a wider number; a wider one would only fill the memory. */
    private static final int WIDEST = 1 << 16;

    private final Expressions expressions;
    private final Scope scope;
    /** Widths of casts and counts of replications: their expressions nest, and each is asked for several times. */
    private final Map<ExpressionContext, Long> known = new IdentityHashMap<>();

    Widths(Expressions expressions, Scope scope) {
        this.expressions = expressions;
        this.scope = scope;
    }

    /** The width of {@code tree} by itself, in bits. */
    int of(ExpressionContext tree) {
        int width = switch (tree) {
            case ParenthesisedContext inner -> of(inner.expression());
            case UnaryContext unary -> isBitwise(unary.op) ? of(unary.expression()) : 1;
            case BinaryContext binary when Arithmetic.isTruthOperator(binary.op) -> 1;
            case BinaryContext binary -> switch (binary.op.getText()) {
                case "<<", ">>", "**" -> of(binary.expression(0));
                default -> Math.max(of(binary.expression(0)), of(binary.expression(1)));
            };
            case TernaryContext choice -> Math.max(of(choice.expression(1)), of(choice.expression(2)));
            case WidthCastContext cast -> castWidth(cast);
            case TypeCastContext cast -> castWidth(cast);
            case ConcatenationContext parts -> concatenationWidth(parts);
            case NumberLiteralContext literal ->
                literal.INTEGER() != null ? plainWidth(literal) : Literals.sizedWidth(literal.getText());
            case BooleanLiteralContext literal -> 1;
            case ReferenceContext reference -> {
                String word = Expressions.bareWord(tree);
                Scope.Parameter parameter = word == null ? null : scope.parameter(word);
                yield parameter == null ? PLAIN : parameter.width();
            }
            default -> PLAIN;
        };
        if (width < (tree instanceof ConcatenationContext ? 0 : 1) || width > WIDEST) {
            throw expressions.fail(Spans.of(tree), "this is " + width + " bits wide, but must be from 1 to " + WIDEST);
        }
        return width;
    }

    /** Whether the result of a unary operator is as wide as its operand. */
    static boolean isBitwise(Token op) {
        return switch (op.getText()) {
            case "+", "-", "~" -> true;
            default -> false;
        };
    }

    private static int plainWidth(NumberLiteralContext literal) {
        BigInteger value = literal.getText().length() <= 16 ? null : Literals.number(literal.getText());
        return value == null ? PLAIN : Math.max(PLAIN, value.bitLength());
    }

    private int castWidth(WidthCastContext cast) {
        return (int) (long) known.computeIfAbsent(cast, tree -> evaluateWidth(cast));
    }

    private long evaluateWidth(WidthCastContext cast) {
        Long width = expressions.number(cast.width, "the width", 1, WIDEST);
        if (width == null) {
            throw new Expressions.Unevaluable();
        }
        return width;
    }

    private int castWidth(TypeCastContext cast) {
        if (cast.basicType().LONGINT() != null) {
            return PLAIN;
        }
        if (cast.basicType().BIT() != null) {
            return of(cast.expression());
        }
        if (cast.basicType().BOOLEAN() != null) {
            return 1;
        }
        throw expressions.fail(Spans.of(cast), "nothing can be cast to " + cast.basicType().getText());
    }

    private int concatenationWidth(ConcatenationContext tree) {
        long width = 0;
        if (tree.repeated.isEmpty()) {
            width = of(tree.first);
            for (ExpressionContext part : tree.rest) {
                width += of(part);
            }
        } else {
            for (ExpressionContext part : tree.repeated) {
                width += of(part);
            }
            width *= replications(tree);
        }
        return (int) Math.min(width, Integer.MAX_VALUE);
    }

    /** How often a replication repeats its parts. */
    long replications(ConcatenationContext tree) {
        return known.computeIfAbsent(tree, parts -> evaluateReplications(tree));
    }

    private long evaluateReplications(ConcatenationContext tree) {
        Long count = expressions.number(tree.first, "the number of replications", 0, WIDEST);
        if (count == null) {
            throw new Expressions.Unevaluable();
        }
        return count;
    }
}
