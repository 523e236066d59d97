package dev.openppu.harness.compute;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;

/** Arithmetic of whole numbers of every width. */
final class IntegerInstructions {
    private IntegerInstructions() {}

    static void addTo(InstructionCatalogue into) {
        for (String type : List.of("u16", "u32", "u64", "s16", "s32", "s64")) {
            arithmeticIsThatOfWholeNumbersCutToTheirWidth(into.group("arithmetic is that of whole numbers cut to their width"), type);
        }
        for (String type : List.of("s16", "s32", "s64")) {
            signedNumbersHaveMagnitudeAndOpposite(into.group("signed numbers have magnitude and opposite"), type);
        }
        for (String type : List.of("u16", "u32", "s16", "s32")) {
            wideProductsKeepEveryBit(into.group("wide products keep every bit"), type);
        }
        for (String type : List.of("u32", "s32")) {
            products24UseTheLowBitsOfTheirOperands(into.group("products 24 use the low bits of their operands"), type);
        }
        saturationStopsAtTheEndsOfTheRange(into.group("saturation stops at the ends of the range"));
        packedHalvesDoNotTouchEachOther(into.group("packed halves do not touch each other"));
        dotProductsSumBytesAndHalves(into.group("dot products sum bytes and halves"));
        for (int bits : new int[]{32, 64}) {
            carriesChainThroughLongNumbers(into.group("carries chain through long numbers"), bits);
        }
    }

    /** The number that the low bits mean. */
    private static BigInteger number(long value, String type) {
        int bits = bits(type);
        BigInteger unsigned = new BigInteger(Long.toUnsignedString(InstructionCheck.mask(value, bits)));
        return type.startsWith("s") && unsigned.testBit(bits - 1) ? unsigned.subtract(BigInteger.ONE.shiftLeft(bits)) : unsigned;
    }

    private static int bits(String type) {
        return Integer.parseInt(type.substring(1));
    }

    private interface Operation {
        BigInteger apply(BigInteger a, BigInteger b, BigInteger c);
    }

    private static void check(InstructionGroup into, String instruction, String type, int operands, long[][] sets, Operation operation) {
        int bits = bits(type);
        int[] widths = {bits, bits, operands > 1 ? bits : 0, operands > 2 ? bits : 0};
        into.check(instruction, widths, sets,
                (a, b, c) -> operation.apply(number(a, type), number(b, type), number(c, type)).longValue());
    }

    private static void arithmeticIsThatOfWholeNumbersCutToTheirWidth(InstructionGroup into, String type) {
        long[][] sets = EdgeValues.integers(new Random(20), 3);
        int bits = bits(type);
        check(into, "ppu.add." + type + " d, a, b", type, 2, sets, (a, b, c) -> a.add(b));
        check(into, "ppu.sub." + type + " d, a, b", type, 2, sets, (a, b, c) -> a.subtract(b));
        check(into, "ppu.mul.lo." + type + " d, a, b", type, 2, sets, (a, b, c) -> a.multiply(b));
        check(into, "ppu.mul.hi." + type + " d, a, b", type, 2, sets, (a, b, c) -> a.multiply(b).shiftRight(bits));
        check(into, "ppu.mad.lo." + type + " d, a, b, c", type, 3, sets, (a, b, c) -> a.multiply(b).add(c));
        check(into, "ppu.mad.hi." + type + " d, a, b, c", type, 3, sets, (a, b, c) -> a.multiply(b).shiftRight(bits).add(c));
        check(into, "ppu.min." + type + " d, a, b", type, 2, sets, (a, b, c) -> a.min(b));
        check(into, "ppu.max." + type + " d, a, b", type, 2, sets, (a, b, c) -> a.max(b));
        check(into, "ppu.sad." + type + " d, a, b, c", type, 3, sets, (a, b, c) -> a.subtract(b).abs().add(c));
        long[][] divisors = new long[sets.length][];
        for (int i = 0; i < sets.length; i++) {
            long divisor = InstructionCheck.mask(sets[i][1], bits) == 0 ? 1 : sets[i][1];
            divisors[i] = new long[]{sets[i][0], divisor, 0};
        }
        check(into, "ppu.div." + type + " d, a, b", type, 2, divisors, (a, b, c) -> a.divide(b));
        check(into, "ppu.rem." + type + " d, a, b", type, 2, divisors, (a, b, c) -> a.remainder(b));
    }

    private static void signedNumbersHaveMagnitudeAndOpposite(InstructionGroup into, String type) {
        long[][] sets = EdgeValues.integers(new Random(21), 1);
        check(into, "ppu.abs." + type + " d, a", type, 1, sets, (a, b, c) -> a.abs());
        check(into, "ppu.neg." + type + " d, a", type, 1, sets, (a, b, c) -> a.negate());
    }

    private static void wideProductsKeepEveryBit(InstructionGroup into, String type) {
        long[][] sets = EdgeValues.integers(new Random(22), 3);
        int bits = bits(type);
        into.check("ppu.mul.wide." + type + " d, a, b", new int[]{2 * bits, bits, bits, 0}, sets,
                (a, b, c) -> number(a, type).multiply(number(b, type)).longValue());
        into.check("ppu.mad.wide." + type + " d, a, b, c", new int[]{2 * bits, bits, bits, 2 * bits}, sets,
                (a, b, c) -> number(a, type).multiply(number(b, type)).add(BigInteger.valueOf(c)).longValue());
    }

    private static void products24UseTheLowBitsOfTheirOperands(InstructionGroup into, String type) {
        long[][] sets = EdgeValues.integers(new Random(23), 3);
        String narrow = type.charAt(0) + "24";
        into.check("ppu.mul24.lo." + type + " d, a, b", new int[]{32, 32, 32, 0}, sets,
                (a, b, c) -> number(a, narrow).multiply(number(b, narrow)).longValue());
        into.check("ppu.mad24.hi." + type + " d, a, b, c", new int[]{32, 32, 32, 32}, sets,
                (a, b, c) -> number(a, narrow).multiply(number(b, narrow)).shiftRight(16).longValue() + c);
    }

    private static void saturationStopsAtTheEndsOfTheRange(InstructionGroup into) {
        long[][] sets = EdgeValues.integers(new Random(24), 3);
        BigInteger most = BigInteger.valueOf(Integer.MAX_VALUE);
        BigInteger least = BigInteger.valueOf(Integer.MIN_VALUE);
        check(into, "ppu.add.sat.s32 d, a, b", "s32", 2, sets, (a, b, c) -> a.add(b).min(most).max(least));
        check(into, "ppu.sub.sat.s32 d, a, b", "s32", 2, sets, (a, b, c) -> a.subtract(b).min(most).max(least));
        check(into, "ppu.mad.hi.sat.s32 d, a, b, c", "s32", 3, sets, (a, b, c) -> a.multiply(b).shiftRight(32).add(c).min(most).max(least));
        check(into, "ppu.max.relu.s32 d, a, b", "s32", 2, sets, (a, b, c) -> a.max(b).max(BigInteger.ZERO));
    }

    private static void packedHalvesDoNotTouchEachOther(InstructionGroup into) {
        long[][] sets = EdgeValues.integers(new Random(25), 2);
        int[] widths = {32, 32, 32, 0};
        into.check("ppu.add.u16x2 d, a, b", widths, sets, (a, b, c) -> a + b & 0xFFFF | (a >>> 16) + (b >>> 16) << 16);
        into.check("ppu.min.s16x2 d, a, b", widths, sets,
                (a, b, c) -> Math.min((short) a, (short) b) & 0xFFFF | (long) Math.min((short) (a >>> 16), (short) (b >>> 16)) << 16);
    }

    private static void dotProductsSumBytesAndHalves(InstructionGroup into) {
        long[][] sets = EdgeValues.integers(new Random(26), 3);
        int[] widths = {32, 32, 32, 32};
        into.check("ppu.dp4a.s32.u32 d, a, b, c", widths, sets, (a, b, c) -> {
            long sum = c;
            for (int i = 0; i < 32; i += 8) {
                sum += (byte) (a >>> i) * (b >>> i & 0xFF);
            }
            return sum;
        });
        into.check("ppu.dp2a.hi.u32.s32 d, a, b, c", widths, sets,
                (a, b, c) -> c + (a & 0xFFFF) * (byte) (b >>> 16) + (a >>> 16 & 0xFFFF) * (byte) (b >>> 24));
    }

    private static void carriesChainThroughLongNumbers(InstructionGroup into, int bits) {
        long[][] sets = EdgeValues.integers(new Random(27), 3);
        BigInteger base = BigInteger.ONE.shiftLeft(bits);
        String type = "u" + bits;
        // The carry of a + b, and of a·b's low part + c, made visible by adding zeros with carry in.
        check(into, "ppu.add.co." + type + " d, a, b; ppu.add.ci." + type + " d, 0, 0", type, 2, allActive(sets),
                (a, b, c) -> a.add(b).divide(base));
        check(into, "ppu.sub.co." + type + " d, a, b; ppu.sub.ci." + type + " d, 0, 0", type, 2, allActive(sets),
                (a, b, c) -> a.compareTo(b) < 0 ? BigInteger.ONE.negate() : BigInteger.ZERO);
        // A carry that comes in and goes out again, where the operands are the same, too.
        for (String second : new String[]{"c, c", "b, c"}) {
            boolean same = second.startsWith("c");
            check(into, "ppu.add.co.%1$s d, a, b; ppu.add.ci.co.%1$s d, %2$s; ppu.add.ci.%1$s d, 0, 0".formatted(type, second), type, 3,
                    allActive(sets), (a, b, c) -> (same ? c : b).add(c).add(a.add(b).divide(base)).divide(base));
            check(into, "ppu.sub.co.%1$s d, a, b; ppu.sub.ci.co.%1$s d, %2$s; ppu.sub.ci.%1$s d, 0, 0".formatted(type, second), type, 3,
                    allActive(sets), (a, b, c) -> {
                        BigInteger borrow = a.compareTo(b) < 0 ? BigInteger.ONE : BigInteger.ZERO;
                        return (same ? c : b).compareTo(c.add(borrow)) < 0 ? BigInteger.ONE.negate() : BigInteger.ZERO;
                    });
        }
        check(into, "ppu.mad.lo.co." + type + " d, a, b, c; ppu.mad.ci.hi." + type + " d, a, b, 0", type, 3, allActive(sets),
                (a, b, c) -> a.multiply(b).add(c).shiftRight(bits));
    }

    /** A pair of instructions is guarded only at its first: these sets are few enough for a single, fully active warp at a time. */
    private static long[][] allActive(long[][] sets) {
        return java.util.Arrays.copyOf(sets, 32);
    }
}
