package dev.openppu.harness.compute;

import dev.openppu.harness.compute.ReferenceFloat.Mode;
import java.util.Random;

/** Arithmetic of floating numbers, in every format and every direction of rounding, against exact fractions rounded once. */
final class FloatInstructions {
    private static final long CANONICAL_32 = 0x7FFF_FFFFL;
    private static final long CANONICAL_64 = 0x7FFF_FFFF_0000_0000L;
    private static final ReferenceFloat SINGLE = ReferenceFloat.SINGLE;
    private static final ReferenceFloat DOUBLE = ReferenceFloat.DOUBLE;

    private static final int[] THREE_32 = {32, 32, 32, 32};
    private static final int[] THREE_64 = {64, 64, 64, 64};
    private static final int[] TWO_32 = {32, 32, 32, 0};
    private static final int[] TWO_64 = {64, 64, 64, 0};
    private static final int[] ONE_32 = {32, 32, 0, 0};
    private static final int[] ONE_64 = {64, 64, 0, 0};

    private FloatInstructions() {}

    static void addTo(InstructionCatalogue into) {
        for (Mode mode : Mode.values()) {
            singleArithmeticRoundsOnceInEveryDirection(into.group("single arithmetic rounds once in every direction"), mode);
        }
        for (Mode mode : Mode.values()) {
            doubleArithmeticRoundsOnceInEveryDirection(into.group("double arithmetic rounds once in every direction"), mode);
        }
        withoutARoundingItIsToNearestEven(into.group("without a rounding it is to nearest even"));
        flushToZeroDropsSubnormalOperandsAndResults(into.group("flush to zero drops subnormal operands and results"));
        saturationClampsToTheUnitIntervalAndMakesNanZero(into.group("saturation clamps to the unit interval and makes nan zero"));
        packedSinglesAreTwoOperations(into.group("packed singles are two operations"));
        halfArithmeticRoundsOnce(into.group("half arithmetic rounds once"), "f16");
        halfArithmeticRoundsOnce(into.group("half arithmetic rounds once"), "bf16");
        mixedPrecisionWidensFirst(into.group("mixed precision widens first"));
        minAndMaxOrderZerosAndPassOverNan(into.group("min and max order zeros and pass over nan"));
        signOperationsTouchOnlyTheSign(into.group("sign operations touch only the sign"));
        approximationsStayWithinTheirDocumentedErrorAndHitTheirTables(
                into.group("approximations stay within their documented error and hit their tables"));
    }

    private static String rounding(Mode mode) {
        return "." + mode.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static void singleArithmeticRoundsOnceInEveryDirection(InstructionGroup into, Mode mode) {
        long[][] sets = EdgeValues.floats(new Random(1), 3);
        into.check("ppu.add" + rounding(mode) + ".f32 d, a, b", TWO_32, sets, (a, b, c) -> add32(a, b, mode));
        into.check("ppu.sub" + rounding(mode) + ".f32 d, a, b", TWO_32, sets, (a, b, c) -> add32(a, b ^ 0x8000_0000L, mode));
        into.check("ppu.mul" + rounding(mode) + ".f32 d, a, b", TWO_32, sets, (a, b, c) -> mul32(a, b, mode));
        into.check("ppu.fma" + rounding(mode) + ".f32 d, a, b, c", THREE_32, sets, (a, b, c) -> fma32(a, b, c, mode));
        into.check("ppu.mad" + rounding(mode) + ".f32 d, a, b, c", THREE_32, sets, (a, b, c) -> fma32(a, b, c, mode));
        into.check("ppu.div" + rounding(mode) + ".f32 d, a, b", TWO_32, sets, (a, b, c) -> div32(a, b, mode));
        into.check("ppu.rcp" + rounding(mode) + ".f32 d, a", ONE_32, sets, (a, b, c) -> div32(0x3F80_0000L, a, mode));
        into.check("ppu.sqrt" + rounding(mode) + ".f32 d, a", ONE_32, sets, (a, b, c) -> sqrt32(a, mode));
    }

    private static void doubleArithmeticRoundsOnceInEveryDirection(InstructionGroup into, Mode mode) {
        long[][] sets = EdgeValues.doubles(new Random(2), 3);
        into.check("ppu.add" + rounding(mode) + ".f64 d, a, b", TWO_64, sets, (a, b, c) -> add64(a, b, mode));
        into.check("ppu.sub" + rounding(mode) + ".f64 d, a, b", TWO_64, sets, (a, b, c) -> sub64(a, b, mode));
        into.check("ppu.mul" + rounding(mode) + ".f64 d, a, b", TWO_64, sets, (a, b, c) -> mul64(a, b, mode));
        into.check("ppu.fma" + rounding(mode) + ".f64 d, a, b, c", THREE_64, sets, (a, b, c) -> fma64(a, b, c, mode));
        into.check("ppu.div" + rounding(mode) + ".f64 d, a, b", TWO_64, sets, (a, b, c) -> div64(a, b, mode));
        into.check("ppu.rcp" + rounding(mode) + ".f64 d, a", ONE_64, sets, (a, b, c) -> div64(0x3FF0_0000_0000_0000L, a, mode));
        into.check("ppu.sqrt" + rounding(mode) + ".f64 d, a", ONE_64, sets, (a, b, c) -> sqrt64(a, mode));
    }

    private static void withoutARoundingItIsToNearestEven(InstructionGroup into) {
        long[][] sets = EdgeValues.floats(new Random(3), 3);
        into.check("ppu.add.f32 d, a, b", TWO_32, sets, (a, b, c) -> add32(a, b, Mode.RTTE));
        into.check("ppu.mul.f32 d, a, b", TWO_32, sets, (a, b, c) -> mul32(a, b, Mode.RTTE));
        into.check("ppu.mad.f32 d, a, b, c", THREE_32, sets, (a, b, c) -> fma32(a, b, c, Mode.RTTE));
    }

    private static void flushToZeroDropsSubnormalOperandsAndResults(InstructionGroup into) {
        long[][] sets = EdgeValues.floats(new Random(4), 3);
        into.check("ppu.add.ftz.f32 d, a, b", TWO_32, sets, (a, b, c) -> flush(add32(flush(a), flush(b), Mode.RTTE)));
        into.check("ppu.mul.rtp.ftz.f32 d, a, b", TWO_32, sets, (a, b, c) -> flush(mul32(flush(a), flush(b), Mode.RTP)));
        into.check("ppu.fma.rtz.ftz.f32 d, a, b, c", THREE_32, sets,
                (a, b, c) -> flush(fma32(flush(a), flush(b), flush(c), Mode.RTZ)));
        into.check("ppu.abs.ftz.f32 d, a", ONE_32, sets, (a, b, c) -> flush(a) & 0x7FFF_FFFFL);
    }

    private static void saturationClampsToTheUnitIntervalAndMakesNanZero(InstructionGroup into) {
        long[][] sets = EdgeValues.floats(new Random(5), 3);
        into.check("ppu.add.sat.f32 d, a, b", TWO_32, sets, (a, b, c) -> saturate(add32(a, b, Mode.RTTE)));
        into.check("ppu.fma.rtn.sat.f32 d, a, b, c", THREE_32, sets, (a, b, c) -> saturate(fma32(a, b, c, Mode.RTN)));
    }

    private static void packedSinglesAreTwoOperations(InstructionGroup into) {
        long[][] sets = EdgeValues.doubles(new Random(6), 2);
        into.check("ppu.add.rtz.f32x2 d, a, b", TWO_64, sets,
                (a, b, c) -> add32(a & 0xFFFF_FFFFL, b & 0xFFFF_FFFFL, Mode.RTZ) | add32(a >>> 32, b >>> 32, Mode.RTZ) << 32);
    }

    private static void halfArithmeticRoundsOnce(InstructionGroup into, String type) {
        ReferenceFloat format = type.equals("f16") ? ReferenceFloat.HALF : ReferenceFloat.BFLOAT;
        long[][] sets = EdgeValues.halves(new Random(7));
        int[] two = {16, 16, 16, 0};
        into.check("ppu.add." + type + " d, a, b", two, sets, (a, b, c) -> half(format, a, 1L, b, true));
        into.check("ppu.sub." + type + " d, a, b", two, sets, (a, b, c) -> half(format, a, 1L, b ^ 0x8000, true));
        into.check("ppu.mul." + type + " d, a, b", two, sets, (a, b, c) -> half(format, a, b, 0, false));
        into.check("ppu.fma.rtte." + type + " d, a, b, c", new int[]{16, 16, 16, 16}, sets,
                (a, b, c) -> half(format, a, b, c, true));
        into.check("ppu.fma.rtte." + type + "x2 d, a, b, c", THREE_32, sets,
                (a, b, c) -> half(format, a & 0xFFFF, b & 0xFFFF, c & 0xFFFF, true) | half(format, 0, 0, 0, true) << 16);
    }

    /** a·b + c, with 1 as a whole number for b standing for 1.0. */
    private static long half(ReferenceFloat format, long a, long b, long c, boolean sum) {
        long y = b == 1L && sum ? one(format) : b;
        if (format.isNan(a) || format.isNan(y) || sum && format.isNan(c)) {
            return 0x7FFF;
        }
        if (format.isInfinite(a) || format.isInfinite(y) || sum && format.isInfinite(c)) {
            double result = wide(format, a) * wide(format, y) + (sum ? wide(format, c) : 0);
            return Double.isNaN(result) ? 0x7FFF : format.infinity(result < 0);
        }
        return sum ? format.fma(a, y, c, Mode.RTTE) : format.multiply(a, y, Mode.RTTE);
    }

    private static long one(ReferenceFloat format) {
        return format == ReferenceFloat.HALF ? 0x3C00 : 0x3F80;
    }

    private static double wide(ReferenceFloat format, long bits) {
        return format == ReferenceFloat.HALF ? Float.float16ToFloat((short) bits) : Float.intBitsToFloat((int) bits << 16);
    }

    private static void mixedPrecisionWidensFirst(InstructionGroup into) {
        long[][] sets = EdgeValues.floats(new Random(8), 3);
        into.check("ppu.fma.rtz.f32.f16 d, a, b, c", new int[]{32, 16, 16, 32}, sets,
                (a, b, c) -> fma32(widen16(a), widen16(b), c, Mode.RTZ));
        into.check("ppu.add.f32.bf16 d, a, b", new int[]{32, 16, 32, 0}, sets, (a, b, c) -> add32(a << 16, b, Mode.RTTE));
    }

    private static long widen16(long bits) {
        return Float.floatToRawIntBits(Float.float16ToFloat((short) bits)) & 0xFFFF_FFFFL;
    }

    private static void minAndMaxOrderZerosAndPassOverNan(InstructionGroup into) {
        long[][] sets = EdgeValues.floats(new Random(9), 3);
        into.check("ppu.min.f32 d, a, b", TWO_32, sets, (a, b, c) -> extreme32(a, b, true, false));
        into.check("ppu.max.f32 d, a, b", TWO_32, sets, (a, b, c) -> extreme32(a, b, false, false));
        into.check("ppu.min.NaN.f32 d, a, b", TWO_32, sets, (a, b, c) -> extreme32(a, b, true, true));
        into.check("ppu.max.f32 d, a, b, c", THREE_32, sets,
                (a, b, c) -> extreme32(extreme32(a, b, false, false), c, false, false));
        into.check("ppu.max.xorsign.abs.f32 d, a, b", TWO_32, sets, (a, b, c) -> {
            long result = extreme32(a & 0x7FFF_FFFFL, b & 0x7FFF_FFFFL, false, false);
            return SINGLE.isNan(result) ? result : result & 0x7FFF_FFFFL | (a ^ b) & 0x8000_0000L;
        });
    }

    private static long extreme32(long a, long b, boolean min, boolean nan) {
        boolean nanA = SINGLE.isNan(a);
        boolean nanB = SINGLE.isNan(b);
        if (nanA && nanB || nan && (nanA || nanB)) {
            return CANONICAL_32;
        }
        if (nanA || nanB) {
            return nanA ? b : a;
        }
        float x = Float.intBitsToFloat((int) a);
        float y = Float.intBitsToFloat((int) b);
        return Float.floatToRawIntBits(min ? Math.min(x, y) : Math.max(x, y)) & 0xFFFF_FFFFL;
    }

    private static void signOperationsTouchOnlyTheSign(InstructionGroup into) {
        long[][] singles = EdgeValues.floats(new Random(10), 2);
        long[][] doubles = EdgeValues.doubles(new Random(11), 2);
        into.check("ppu.neg.f32 d, a", ONE_32, singles, (a, b, c) -> a ^ 0x8000_0000L);
        into.check("ppu.abs.f64 d, a", ONE_64, doubles, (a, b, c) -> a & Long.MAX_VALUE);
        into.check("ppu.copysign.f32 d, a, b", TWO_32, singles, (a, b, c) -> b & 0x7FFF_FFFFL | a & 0x8000_0000L);
        into.check("ppu.neg.f16x2 d, a", ONE_32, singles, (a, b, c) -> a ^ 0x8000_8000L);
    }

    private static void approximationsStayWithinTheirDocumentedErrorAndHitTheirTables(InstructionGroup into) {
        long[][] sets = EdgeValues.floats(new Random(12), 1);
        into.check("ppu.rsqrt.approx.f32 d, a", ONE_32, sets,
                (a, b, c) -> single(1 / Math.sqrt(Float.intBitsToFloat((int) a))));
        into.check("ppu.ex2.approx.f32 d, a", ONE_32, sets,
                (a, b, c) -> single(StrictMath.pow(2, Float.intBitsToFloat((int) a))));
        into.check("ppu.lg2.approx.f32 d, a", ONE_32, sets,
                (a, b, c) -> single(StrictMath.log(Float.intBitsToFloat((int) a)) / StrictMath.log(2)));
        into.check("ppu.sin.approx.f32 d, a", ONE_32, sets, (a, b, c) -> single(StrictMath.sin(Float.intBitsToFloat((int) a))));
        into.check("ppu.cos.approx.f32 d, a", ONE_32, sets, (a, b, c) -> single(StrictMath.cos(Float.intBitsToFloat((int) a))));
        into.check("ppu.tanh.approx.f32 d, a", ONE_32, sets,
                (a, b, c) -> single(StrictMath.tanh(Float.intBitsToFloat((int) a))));
        long[][] table = {{0xFFF0_0000_0000_0000L, 0, 0}, {1, 0, 0}, {0x8000_0000_0000_0001L, 0, 0}, {0x7FF0_0000_0000_0000L, 0, 0},
            {0x7FF0_0000_0000_0001L, 0, 0}};
        long[] answers = {0x8000_0000_0000_0000L, 0x7FF0_0000_0000_0000L, 0xFFF0_0000_0000_0000L, 0, CANONICAL_64};
        into.check("ppu.rcp.approx.ftz.f64 d, a", ONE_64, table, (a, b, c) -> {
            for (int i = 0; i < table.length; i++) {
                if (table[i][0] == a) {
                    return answers[i];
                }
            }
            throw new AssertionError();
        });
    }

    private static long single(double value) {
        float rounded = (float) value;
        return Float.isNaN(rounded) ? CANONICAL_32 : Float.floatToRawIntBits(rounded) & 0xFFFF_FFFFL;
    }

    private static long flush(long bits) {
        return (bits & 0x7FFF_FFFFL) < 0x0080_0000L ? bits & 0x8000_0000L : bits;
    }

    private static long saturate(long bits) {
        float value = Float.intBitsToFloat((int) bits);
        return Float.isNaN(value) || value <= 0 ? 0 : value >= 1 ? 0x3F80_0000L : bits;
    }

    private static boolean special(ReferenceFloat format, long... operands) {
        for (long operand : operands) {
            if (format.isNan(operand) || format.isInfinite(operand)) {
                return true;
            }
        }
        return false;
    }

    private static float f(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    private static double d(long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static long add32(long a, long b, Mode mode) {
        return special(SINGLE, a, b) ? single((double) f(a) + f(b)) : SINGLE.fma(a, 0x3F80_0000L, b, mode);
    }

    private static long mul32(long a, long b, Mode mode) {
        return special(SINGLE, a, b) ? single((double) f(a) * f(b)) : SINGLE.multiply(a, b, mode);
    }

    private static long fma32(long a, long b, long c, Mode mode) {
        return special(SINGLE, a, b, c) ? single((double) f(a) * f(b) + f(c)) : SINGLE.fma(a, b, c, mode);
    }

    private static long div32(long a, long b, Mode mode) {
        return special(SINGLE, a, b) || f(b) == 0 ? single((double) f(a) / f(b)) : SINGLE.divide(a, b, mode);
    }

    private static long sqrt32(long a, Mode mode) {
        return special(SINGLE, a) || !(f(a) > 0) ? single(Math.sqrt(f(a))) : SINGLE.squareRoot(a, mode);
    }

    private static long nan64(double result, long... operands) {
        if (!Double.isNaN(result)) {
            return Double.doubleToRawLongBits(result);
        }
        for (long operand : operands) {
            if (DOUBLE.isNan(operand)) {
                return operand | 0x0008_0000_0000_0000L;
            }
        }
        return CANONICAL_64;
    }

    private static long add64(long a, long b, Mode mode) {
        return special(DOUBLE, a, b) ? nan64(d(a) + d(b), a, b) : DOUBLE.fma(a, 0x3FF0_0000_0000_0000L, b, mode);
    }

    private static long sub64(long a, long b, Mode mode) {
        return special(DOUBLE, a, b) ? nan64(d(a) - d(b), a, b) : DOUBLE.fma(a, 0x3FF0_0000_0000_0000L, b ^ Long.MIN_VALUE, mode);
    }

    private static long mul64(long a, long b, Mode mode) {
        return special(DOUBLE, a, b) ? nan64(d(a) * d(b), a, b) : DOUBLE.multiply(a, b, mode);
    }

    private static long fma64(long a, long b, long c, Mode mode) {
        return special(DOUBLE, a, b, c) ? nan64(Math.fma(d(a), d(b), d(c)), a, b, c) : DOUBLE.fma(a, b, c, mode);
    }

    private static long div64(long a, long b, Mode mode) {
        return special(DOUBLE, a, b) || d(b) == 0 ? nan64(d(a) / d(b), a, b) : DOUBLE.divide(a, b, mode);
    }

    private static long sqrt64(long a, Mode mode) {
        return special(DOUBLE, a) || !(d(a) > 0) ? nan64(Math.sqrt(d(a)), a) : DOUBLE.squareRoot(a, mode);
    }
}
