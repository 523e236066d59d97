package dev.openppu.driver.tix;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A whole-number expression of a launch header: {@code + - * / %}, parentheses, {@code min(a,b)}, {@code max(a,b)}, {@code ceil(a/b)}, numbers and names.
 * Division truncates, except right inside ceil. Everything is 64-bit and exact: an overflow is an error. Immutable.
 */
public sealed interface LaunchExpression {
    /** A number. */
    record Constant(long value) implements LaunchExpression {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** A size that somebody must know when it is evaluated. */
    record Name(String name) implements LaunchExpression {
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@code left operator right}; the operator is one of + - * / %. */
    record Binary(char operator, LaunchExpression left, LaunchExpression right) implements LaunchExpression {
        @Override
        public String toString() {
            return "(" + left + " " + operator + " " + right + ")";
        }
    }

    /** {@code min(…)}, {@code max(…)} or {@code ceil(a, b)}, the quotient rounded up. */
    record Call(String function, List<LaunchExpression> arguments) implements LaunchExpression {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public String toString() {
            return function + arguments.toString().replace('[', '(').replace(']', ')');
        }
    }

    /**
     * The value with these names known.
     *
     * @throws LaunchExpressionException for an unknown name, a division by zero, an overflow
     */
    default long evaluate(Map<String, Long> names) throws LaunchExpressionException {
        try {
            return value(this, names);
        } catch (ArithmeticException e) {
            throw new LaunchExpressionException(this + ": " + e.getMessage());
        }
    }

    private static long value(LaunchExpression expression, Map<String, Long> names) throws LaunchExpressionException {
        return switch (expression) {
            case Constant constant -> constant.value;
            case Name name -> {
                Long known = names.get(name.name);
                if (known == null) {
                    throw new LaunchExpressionException("'" + name.name + "' is not known; known are " + new TreeSet<>(names.keySet()));
                }
                yield known;
            }
            case Binary binary -> combine(binary.operator, value(binary.left, names), value(binary.right, names));
            case Call call -> call(call, names);
        };
    }

    private static long combine(char operator, long left, long right) {
        return switch (operator) {
            case '+' -> Math.addExact(left, right);
            case '-' -> Math.subtractExact(left, right);
            case '*' -> Math.multiplyExact(left, right);
            case '/' -> Math.divideExact(left, right);
            default -> left % right;
        };
    }

    private static long call(Call call, Map<String, Long> names) throws LaunchExpressionException {
        long result = value(call.arguments.getFirst(), names);
        for (LaunchExpression argument : call.arguments.subList(1, call.arguments.size())) {
            long next = value(argument, names);
            result = switch (call.function) {
                case "min" -> Math.min(result, next);
                case "max" -> Math.max(result, next);
                default -> Math.ceilDivExact(result, next);
            };
        }
        return result;
    }
}
