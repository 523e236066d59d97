package dev.openppu.model.compute;

import dev.openppu.abi.code.Rounding;

/**
 * IEEE-754 arithmetic in all four roundings, from the hardware's round-to-nearest results and the exact sign of their error. The error of one operation is
 * found by error-free transformations (a sum or product of two doubles is exactly the sum of two doubles), so there is no loss at any exponent.
 */
final class Exact {
    /** Operands whose exponents are further apart than this do not touch: one is only a direction for the other. */
    private static final int FAR = 200;

    private Exact() {}

    static double fma(double x, double y, double c, Rounding mode) {
        double nearest = Math.fma(x, y, c);
        if (isNearest(mode) || !isFinite(x, y, c)) {
            return nearest;
        }
        if (nearest == 0 && errorSign(x, y, c, 0) == 0) {
            return zero(nearest, isNegative(x) != isNegative(y), isNegative(c), mode);
        }
        return adjust(nearest, Double.isInfinite(nearest) ? nearest > 0 ? -1 : 1 : errorSign(x, y, c, nearest), mode);
    }

    static double add(double a, double b, Rounding mode) {
        return isNearest(mode) ? a + b : fma(a, 1, b, mode);
    }

    static double multiply(double a, double b, Rounding mode) {
        if (isNearest(mode) || !isFinite(a, b, 0)) {
            return a * b;
        }
        double nearest = a * b;
        return adjust(nearest, Double.isInfinite(nearest) ? nearest > 0 ? -1 : 1 : errorSign(a, b, 0, nearest), mode);
    }

    static double divide(double a, double b, Rounding mode) {
        double nearest = a / b;
        if (isNearest(mode) || !isFinite(a, b, 0) || b == 0) {
            return nearest;
        }
        int sign = Double.isInfinite(nearest) ? nearest > 0 ? -1 : 1 : errorSign(-nearest, b, a, 0) * (b < 0 ? -1 : 1);
        return adjust(nearest, sign, mode);
    }

    static double squareRoot(double a, Rounding mode) {
        double nearest = Math.sqrt(a);
        return isNearest(mode) || !(a > 0) || Double.isInfinite(a) ? nearest : adjust(nearest, errorSign(-nearest, nearest, a, 0), mode);
    }

    static float fma(float x, float y, float c, Rounding mode) {
        float nearest = Math.fma(x, y, c);
        if (isNearest(mode) || !isFinite(x, y, c)) {
            return nearest;
        }
        double product = (double) x * y;
        double sum = product + c;
        double rest = twoSumError(product, c, sum);
        if (sum == 0 && rest == 0) {
            return (float) zero(nearest, isNegative(x) != isNegative(y), isNegative(c), mode);
        }
        return adjust(nearest, Float.isInfinite(nearest) ? nearest > 0 ? -1 : 1 : sign(sum == nearest ? rest : sum - nearest), mode);
    }

    static float add(float a, float b, Rounding mode) {
        return isNearest(mode) ? a + b : fma(a, 1, b, mode);
    }

    static float multiply(float a, float b, Rounding mode) {
        float nearest = a * b;
        if (isNearest(mode) || !isFinite(a, b, 0)) {
            return nearest;
        }
        return adjust(nearest, sign((double) a * b - nearest), mode);
    }

    static float divide(float a, float b, Rounding mode) {
        float nearest = a / b;
        if (isNearest(mode) || !isFinite(a, b, 0) || b == 0) {
            return nearest;
        }
        double error = Float.isInfinite(nearest) ? nearest > 0 ? -1 : 1 : (a - (double) nearest * b) * Math.signum(b);
        return adjust(nearest, sign(error), mode);
    }

    static float squareRoot(float a, Rounding mode) {
        float nearest = (float) Math.sqrt(a);
        return isNearest(mode) || !(a > 0) || Float.isInfinite(a) ? nearest : adjust(nearest, sign(a - (double) nearest * nearest), mode);
    }

    /** A double to float. */
    static float narrow(double value, Rounding mode) {
        float nearest = (float) value;
        if (isNearest(mode) || Double.isNaN(value) || Double.isInfinite(value)) {
            return nearest;
        }
        return adjust(nearest, sign(value - nearest), mode);
    }

    /** x·y + c rounded to odd: inexact results get their last bit set, so that a second rounding to far fewer bits is as good as one. */
    static double fmaToOdd(double x, double y, double c) {
        double nearest = Math.fma(x, y, c);
        if (nearest == 0 || !isFinite(x, y, c) || Double.isInfinite(nearest)) {
            return nearest;
        }
        int error = errorSign(x, y, c, nearest);
        if (error == 0 || (Double.doubleToRawLongBits(nearest) & 1) != 0) {
            return nearest;
        }
        return error > 0 ? Math.nextUp(nearest) : Math.nextDown(nearest);
    }

    private static boolean isNearest(Rounding mode) {
        return mode == Rounding.NONE || mode == Rounding.NEAREST_EVEN;
    }

    private static boolean isFinite(double a, double b, double c) {
        return Double.isFinite(a) && Double.isFinite(b) && Double.isFinite(c);
    }

    private static boolean isNegative(double value) {
        return Double.doubleToRawLongBits(value) < 0;
    }

    private static int sign(double value) {
        return value > 0 ? 1 : value < 0 ? -1 : 0;
    }

    /** An exact zero: of opposite signs it is negative when rounding down, else the sign is common or plus. */
    private static double zero(double nearest, boolean negativeProduct, boolean negativeAddend, Rounding mode) {
        return negativeProduct != negativeAddend && mode == Rounding.DOWN ? -0.0 : nearest;
    }

    private static double adjust(double nearest, int error, Rounding mode) {
        return switch (direction(nearest, error, mode)) {
            case 1 -> Math.nextUp(nearest);
            case -1 -> Math.nextDown(nearest);
            default -> nearest;
        };
    }

    private static float adjust(float nearest, int error, Rounding mode) {
        return switch (direction(nearest, error, mode)) {
            case 1 -> Math.nextUp(nearest);
            case -1 -> Math.nextDown(nearest);
            default -> nearest;
        };
    }

    private static int direction(double nearest, int error, Rounding mode) {
        return switch (mode) {
            case UP -> Math.max(error, 0);
            case DOWN -> Math.min(error, 0);
            case TOWARD_ZERO -> nearest > 0 ? Math.min(error, 0) : nearest < 0 ? Math.max(error, 0) : 0;
            case NONE, NEAREST_EVEN -> 0;
        };
    }

    private static double twoSumError(double a, double b, double sum) {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
    }

    /** Sign of x·y + c - z, exactly; z is a rounding of x·y + c, or 0. */
    private static int errorSign(double x, double y, double c, double z) {
        if (x == 0 || y == 0) {
            return sign(c - z);
        }
        int exponentX = exponent(x);
        int exponentY = exponent(y);
        double scaledX = scale(x, -exponentX);
        double scaledY = scale(y, -exponentY);
        double product = scaledX * scaledY;
        double rest = Math.fma(scaledX, scaledY, -product);
        int shift = -(exponentX + exponentY);
        double addend = 0;
        if (c != 0) {
            int distance = exponent(c) + shift;
            if (distance > FAR) {
                return z == 0 ? sign(c) : sign(product);
            }
            addend = distance < -FAR ? Math.copySign(Math.scalb(1.0, -FAR), c) : scale(c, shift);
        }
        return sumSign(rest, product, addend, z == 0 ? 0 : -scale(z, shift));
    }

    private static int exponent(double value) {
        int exponent = Math.getExponent(value);
        return exponent >= Double.MIN_EXPONENT ? exponent : Math.getExponent(value * 0x1p54) - 54;
    }

    /** value·2^shift where the result is normal; in steps, since a power of two itself may not be. */
    private static double scale(double value, int shift) {
        int half = shift / 2;
        return Math.scalb(Math.scalb(value, half), shift - half);
    }

    /** Sign of a + b + c + d, exactly, where a is the rounding error of b. */
    private static int sumSign(double a, double b, double c, double d) {
        double sum1 = a + c;
        double error1 = twoSumError(a, c, sum1);
        double sum2 = b + sum1;
        double error2 = twoSumError(b, sum1, sum2);
        // error1, error2, sum2 do not overlap and grow.
        double sum3 = error1 + d;
        double error3 = twoSumError(error1, d, sum3);
        double sum4 = error2 + sum3;
        double error4 = twoSumError(error2, sum3, sum4);
        double sum5 = sum2 + sum4;
        double error5 = twoSumError(sum2, sum4, sum5);
        for (double component : new double[]{sum5, error5, error4, error3}) {
            if (component != 0) {
                return sign(component);
            }
        }
        return 0;
    }
}
