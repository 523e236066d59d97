package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Value;
import dev.openppu.rdl.syntax.Literals;
import dev.openppu.rdl.syntax.SystemRdlParser.*;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/** Numbers and truth: all numbers are unsigned, and computed modulo two to the width that their surroundings ask for. */
final class Arithmetic {

    private final Expressions expressions;
    private final Widths widths;

    Arithmetic(Expressions expressions, Widths widths) {
        this.expressions = expressions;
        this.widths = widths;
    }

    /** Whether an operator's result is true or false. */
    static boolean isTruthOperator(Token op) {
        return switch (op.getText()) {
            case "&&", "||", "<", "<=", ">", ">=", "==", "!=" -> true;
            default -> false;
        };
    }

    /** Whether {@code tree} is other than 0. */
    boolean truth(ExpressionContext tree) {
        return number(tree).signum() != 0;
    }

    /** The result of an operator that is true or false. */
    boolean compare(BinaryContext tree) {
        ExpressionContext left = tree.expression(0);
        ExpressionContext right = tree.expression(1);
        return switch (tree.op.getText()) {
            case "&&" -> truth(left) && truth(right);
            case "||" -> truth(left) || truth(right);
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "<" -> order(left, right) < 0;
            case "<=" -> order(left, right) <= 0;
            case ">" -> order(left, right) > 0;
            default -> order(left, right) >= 0;
        };
    }

    private int order(ExpressionContext left, ExpressionContext right) {
        int width = Math.max(widths.of(left), widths.of(right));
        return numberOf(left, width).compareTo(numberOf(right, width));
    }

    /** Evaluates each side once only: comparisons nest, and what doubles at every level never ends. */
    private boolean equal(ExpressionContext left, ExpressionContext right) {
        int width = Math.max(widths.of(left), widths.of(right));
        Value a = operand(left, width);
        Value b = operand(right, width);
        if (isNumeric(a) && isNumeric(b)) {
            return asNumber(a, left).equals(asNumber(b, right));
        }
        if (a.getClass() != b.getClass()) {
            throw expressions.fail(Spans.of(right), Expressions.describe(a) + " and " + Expressions.describe(b) + " cannot be compared");
        }
        return a.equals(b);
    }

    private Value operand(ExpressionContext tree, int width) {
        return switch (tree) {
            case ParenthesisedContext inner -> operand(inner.expression(), width);
            case TernaryContext choice -> operand(choice.expression(truth(choice.expression(0)) ? 1 : 2), width);
            case NumberLiteralContext literal -> new Value.Num(literal(literal));
            case BinaryContext binary when !isTruthOperator(binary.op) -> new Value.Num(arithmetic(binary, width));
            case UnaryContext unary when !unary.op.getText().equals("!") -> new Value.Num(unary(unary, width));
            default -> expressions.evaluate(tree);
        };
    }

    private static boolean isNumeric(Value value) {
        return Expressions.numeric(value) != null || value instanceof Value.Reference;
    }

    private BigInteger numberOf(ExpressionContext tree, int width) {
        return switch (tree) {
            case ParenthesisedContext inner -> numberOf(inner.expression(), width);
            case NumberLiteralContext literal -> literal(literal);
            case BinaryContext binary when !isTruthOperator(binary.op) -> arithmetic(binary, width);
            case UnaryContext unary when !unary.op.getText().equals("!") -> unary(unary, width);
            case TernaryContext choice -> numberOf(choice.expression(truth(choice.expression(0)) ? 1 : 2), width);
            case WidthCastContext cast -> truncate(number(cast.value, widths.of(cast)), widths.of(cast));
            case TypeCastContext cast when cast.basicType().BOOLEAN() == null ->
                truncate(number(cast.expression(), widths.of(cast)), widths.of(cast));
            case ConcatenationContext parts -> concatenate(parts);
            default -> asNumber(expressions.evaluate(tree), tree);
        };
    }

    /** The value of {@code tree} at its own width. */
    BigInteger number(ExpressionContext tree) {
        return numberOf(tree, widths.of(tree));
    }

    /** The value of {@code tree} at its own width, or at {@code width} if that is more. */
    BigInteger number(ExpressionContext tree, int width) {
        return numberOf(tree, Math.max(width, widths.of(tree)));
    }

    private BigInteger literal(NumberLiteralContext literal) {
        BigInteger value = Literals.number(literal.getText());
        if (value == null) {
            throw expressions.fail(Spans.of(literal), "the digits do not fit the base of this number");
        }
        if (value.bitLength() > widths.of(literal)) {
            throw expressions.fail(Spans.of(literal), "this number needs " + value.bitLength() + " bits, but has " + widths.of(literal));
        }
        return value;
    }

    private BigInteger asNumber(Value value, ExpressionContext tree) {
        if (value instanceof Value.Reference reference) {
            return asNumber(expressions.dereference(reference, Spans.of(tree)), tree);
        }
        BigInteger number = Expressions.numeric(value);
        if (number == null) {
            throw expressions.fail(Spans.of(tree), "this is " + Expressions.describe(value) + ", but a number is needed");
        }
        return number;
    }

    private static BigInteger truncate(BigInteger value, int width) {
        return value.signum() >= 0 && value.bitLength() <= width
                ? value
                : value.and(BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE));
    }

    private BigInteger arithmetic(BinaryContext tree, int width) {
        BigInteger a = numberOf(tree.expression(0), width);
        String op = tree.op.getText();
        BigInteger b = switch (op) {
            case "<<", ">>", "**" -> numberOf(tree.expression(1), widths.of(tree.expression(1)));
            default -> numberOf(tree.expression(1), width);
        };
        return truncate(switch (op) {
            case "+" -> a.add(b);
            case "-" -> a.subtract(b);
            case "*" -> a.multiply(b);
            case "/" -> a.divide(nonZero(b, tree.expression(1)));
            case "%" -> a.mod(nonZero(b, tree.expression(1)));
            case "&" -> a.and(b);
            case "|" -> a.or(b);
            case "^" -> a.xor(b);
            case "<<" -> b.bitLength() > 31 || b.intValue() >= width ? BigInteger.ZERO : a.shiftLeft(b.intValue());
            case ">>" -> b.bitLength() > 31 ? BigInteger.ZERO : a.shiftRight(b.intValue());
            case "**" -> a.modPow(b, BigInteger.ONE.shiftLeft(width));
            default -> a.xor(b).not();
        }, width);
    }

    private BigInteger nonZero(BigInteger divisor, ExpressionContext tree) {
        if (divisor.signum() == 0) {
            throw expressions.fail(Spans.of(tree), "division by zero");
        }
        return divisor;
    }

    private BigInteger unary(UnaryContext tree, int width) {
        String op = tree.op.getText();
        if (Widths.isBitwise(tree.op)) {
            BigInteger value = numberOf(tree.expression(), width);
            return switch (op) {
                case "+" -> value;
                case "-" -> truncate(value.negate(), width);
                default -> truncate(value.not(), width);
            };
        }
        int own = widths.of(tree.expression());
        int ones = numberOf(tree.expression(), own).bitCount();
        boolean result = switch (op) {
            case "&" -> ones == own;
            case "~&" -> ones != own;
            case "|" -> ones != 0;
            case "~|" -> ones == 0;
            case "^" -> (ones & 1) == 1;
            default -> (ones & 1) == 0;
        };
        return result ? BigInteger.ONE : BigInteger.ZERO;
    }

    private BigInteger concatenate(ConcatenationContext tree) {
        List<ExpressionContext> parts = new ArrayList<>();
        long times = 1;
        if (tree.repeated.isEmpty()) {
            parts.add(tree.first);
            parts.addAll(tree.rest);
        } else {
            parts.addAll(tree.repeated);
            times = widths.replications(tree);
        }
        BigInteger value = BigInteger.ZERO;
        for (long i = 0; i < times; i++) {
            for (ExpressionContext part : parts) {
                int width = widths.of(part);
                value = value.shiftLeft(width).or(numberOf(part, width));
            }
        }
        return value;
    }
}
