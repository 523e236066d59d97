package dev.openppu.harness.compute;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;

/** Relations of numbers, classes of floats, and choices by what they give. */
final class Comparisons {
    private static final Map<String, BiPredicate<Integer, Boolean>> RELATIONS = Map.ofEntries(relation("eq", o -> o == 0, false),
            relation("ne", o -> o != 0, false),
            relation("lt", o -> o < 0, false), relation("le", o -> o <= 0, false), relation("gt", o -> o > 0, false),
            relation("ge", o -> o >= 0, false),
            relation("equ", o -> o == 0, true), relation("neu", o -> o != 0, true), relation("ltu", o -> o < 0, true),
            relation("leu", o -> o <= 0, true),
            relation("gtu", o -> o > 0, true), relation("geu", o -> o >= 0, true), Map.entry("num", (o, nan) -> !nan),
            Map.entry("nan", (o, nan) -> nan));

    private Comparisons() {}

    static void addTo(InstructionCatalogue into) {
        for (String name : List.of("eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan")) {
            floatsCompareOrderedAndUnordered(into.group("floats compare ordered and unordered"), name);
        }
        for (String type : List.of("u16", "s16", "u32", "s32", "u64", "s64")) {
            wholeNumbersCompareByTheirSign(into.group("whole numbers compare by their sign"), type);
        }
        relationsCombineWithAPredicate(into.group("relations combine with a predicate"));
        packedRelationsGiveTwoPredicates(into.group("packed relations give two predicates"));
        for (String name : List.of("finite", "infinite", "number", "notanumber", "normal", "subnormal")) {
            classesOfFloats(into.group("classes of floats"), name);
        }
        selectionsTakeOneOrTheOther(into.group("selections take one or the other"));
    }

    private static Map.Entry<String, BiPredicate<Integer, Boolean>> relation(String name, IntPredicate order,
            boolean ofNan) {
        return Map.entry(name, (o, nan) -> nan ? ofNan : order.test(o));
    }

    private static BiPredicate<Integer, Boolean> named(String name) {
        return Objects.requireNonNull(RELATIONS.get(name), name);
    }

    private static void floatsCompareOrderedAndUnordered(InstructionGroup into, String name) {
        BiPredicate<Integer, Boolean> relation = named(name);
        into.check("ppu.cmpp." + name + ".f32 d, a, b", new int[]{1, 32, 32, 0}, EdgeValues.floats(new Random(50), 2),
                (a, b, c) -> {
                    float x = Float.intBitsToFloat((int) a);
                    float y = Float.intBitsToFloat((int) b);
                    return relation.test(x < y ? -1 : x > y ? 1 : 0, Float.isNaN(x) || Float.isNaN(y)) ? 1 : 0;
                });
        into.check("ppu.cmpp." + name + ".f64 d, a, b", new int[]{1, 64, 64, 0}, EdgeValues.doubles(new Random(51), 2),
                (a, b, c) -> {
                    double x = Double.longBitsToDouble(a);
                    double y = Double.longBitsToDouble(b);
                    return relation.test(x < y ? -1 : x > y ? 1 : 0, Double.isNaN(x) || Double.isNaN(y)) ? 1 : 0;
                });
        into.check("ppu.cmp." + name + ".f32.f16 d, a, b", new int[]{32, 16, 16, 0}, EdgeValues.halves(new Random(52)),
                (a, b, c) -> {
                    float x = Float.float16ToFloat((short) a);
                    float y = Float.float16ToFloat((short) b);
                    return relation.test(x < y ? -1 : x > y ? 1 : 0, Float.isNaN(x) || Float.isNaN(y)) ? 0x3F80_0000L : 0;
                });
    }

    private static void wholeNumbersCompareByTheirSign(InstructionGroup into, String type) {
        int bits = Integer.parseInt(type.substring(1));
        long[][] sets = EdgeValues.integers(new Random(53), 2);
        for (String name : new String[]{"eq", "ne", "lt", "le", "gt", "ge"}) {
            into.check("ppu.cmpp." + name + "." + type + " d, a, b", new int[]{1, bits, bits, 0}, sets, (a, b, c) -> {
                int order = type.startsWith("s") ? Long.compare(a << 64 - bits, b << 64 - bits) : Long.compareUnsigned(a, b);
                return named(name).test(order, false) ? 1 : 0;
            });
        }
        into.check("ppu.cmpp.lo." + type + " d, a, b", new int[]{1, bits, bits, 0}, sets,
                (a, b, c) -> Long.compareUnsigned(a, b) < 0 ? 1 : 0);
        into.check("ppu.cmpp.hs." + type + " d, a, b", new int[]{1, bits, bits, 0}, sets,
                (a, b, c) -> Long.compareUnsigned(a, b) >= 0 ? 1 : 0);
    }

    private static void relationsCombineWithAPredicate(InstructionGroup into) {
        long[][] sets = EdgeValues.integers(new Random(54), 3);
        int[] widths = {1, 32, 32, 1};
        into.check("ppu.cmpp.lt.and.s32 d, a, b, c", widths, sets, (a, b, c) -> (int) a < (int) b ? c : 0);
        into.check("ppu.cmpp.lt.or.s32 d, a, b, !c", widths, sets, (a, b, c) -> (int) a < (int) b || c == 0 ? 1 : 0);
        into.check("ppu.cmpp.eq.xor.b32 _|d, a, b, c", widths, sets, (a, b, c) -> (a == b ? 0 : 1) ^ c);
        into.check("ppu.cmp.ge.and.s32.u32 d, a, b, c", new int[]{32, 32, 32, 1}, sets, (a, b, c) -> a >= b && c == 1 ? -1 : 0);
    }

    private static void packedRelationsGiveTwoPredicates(InstructionGroup into) {
        long[][] sets = EdgeValues.floats(new Random(55), 2);
        into.check("ppu.cmpp.lt.f16x2 _|d, a, b", new int[]{1, 32, 32, 0}, sets,
                (a, b, c) -> Float.float16ToFloat((short) (a >>> 16)) < Float.float16ToFloat((short) (b >>> 16)) ? 1 : 0);
        into.check("ppu.cmp.lt.f16x2.f16x2 d, a, b", new int[]{32, 32, 32, 0}, sets,
                (a, b, c) -> (Float.float16ToFloat((short) a) < Float.float16ToFloat((short) b) ? 0x3C00 : 0)
                        | (Float.float16ToFloat((short) (a >>> 16)) < Float.float16ToFloat((short) (b >>> 16)) ? 0x3C00_0000L : 0));
    }

    private static void classesOfFloats(InstructionGroup into, String name) {
        into.check("ppu.testp." + name + ".f32 d, a", new int[]{1, 32, 0, 0}, EdgeValues.floats(new Random(56), 1),
                (a, b, c) -> {
                    float value = Float.intBitsToFloat((int) a);
                    boolean subnormal = value != 0 && Math.abs(value) < Float.MIN_NORMAL;
                    return switch (name) {
                        case "finite" -> Float.isFinite(value);
                        case "infinite" -> Float.isInfinite(value);
                        case "number" -> !Float.isNaN(value);
                        case "notanumber" -> Float.isNaN(value);
                        case "normal" -> Float.isFinite(value) && !subnormal;
                        default -> subnormal;
                    } ? 1 : 0;
                });
    }

    private static void selectionsTakeOneOrTheOther(InstructionGroup into) {
        long[][] sets = EdgeValues.integers(new Random(57), 3);
        into.check("ppu.selp.b32 d, a, b, c", new int[]{32, 32, 32, 1}, sets, (a, b, c) -> c == 1 ? a : b);
        into.check("ppu.selp.f64 d, a, b, !c", new int[]{64, 64, 64, 1}, sets, (a, b, c) -> c == 0 ? a : b);
        into.check("ppu.slct.u64.s32 d, a, b, c", new int[]{64, 64, 64, 32}, sets, (a, b, c) -> (int) c >= 0 ? a : b);
        into.check("ppu.slct.b16.f32 d, a, b, c", new int[]{16, 16, 16, 32}, EdgeValues.floats(new Random(58), 3),
                (a, b, c) -> Float.intBitsToFloat((int) c) >= 0 ? a : b);
    }
}
