package dev.openppu.harness.tix;

import java.util.Map;
import java.util.Random;
import java.util.function.BiPredicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompareTest {
    private static final Map<String, BiPredicate<Integer, Boolean>> RELATIONS = Map.ofEntries(relation("eq", o -> o == 0, false),
            relation("ne", o -> o != 0, false),
            relation("lt", o -> o < 0, false), relation("le", o -> o <= 0, false), relation("gt", o -> o > 0, false),
            relation("ge", o -> o >= 0, false),
            relation("equ", o -> o == 0, true), relation("neu", o -> o != 0, true), relation("ltu", o -> o < 0, true),
            relation("leu", o -> o <= 0, true),
            relation("gtu", o -> o > 0, true), relation("geu", o -> o >= 0, true), Map.entry("num", (o, nan) -> !nan),
            Map.entry("nan", (o, nan) -> nan));

    private static Map.Entry<String, BiPredicate<Integer, Boolean>> relation(String name, java.util.function.IntPredicate order,
            boolean ofNan) {
        return Map.entry(name, (o, nan) -> nan ? ofNan : order.test(o));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"})
    void floatsCompareOrderedAndUnordered(String name) {
        BiPredicate<Integer, Boolean> relation = RELATIONS.get(name);
        InstructionBench.check("ppu.cmpp." + name + ".f32 d, a, b", new int[]{1, 32, 32, 0}, EdgeValues.floats(new Random(50), 2),
                (a, b, c) -> {
                    float x = Float.intBitsToFloat((int) a);
                    float y = Float.intBitsToFloat((int) b);
                    return relation.test(x < y ? -1 : x > y ? 1 : 0, Float.isNaN(x) || Float.isNaN(y)) ? 1 : 0;
                });
        InstructionBench.check("ppu.cmpp." + name + ".f64 d, a, b", new int[]{1, 64, 64, 0}, EdgeValues.doubles(new Random(51), 2),
                (a, b, c) -> {
                    double x = Double.longBitsToDouble(a);
                    double y = Double.longBitsToDouble(b);
                    return relation.test(x < y ? -1 : x > y ? 1 : 0, Double.isNaN(x) || Double.isNaN(y)) ? 1 : 0;
                });
        InstructionBench.check("ppu.cmp." + name + ".f32.f16 d, a, b", new int[]{32, 16, 16, 0}, EdgeValues.halves(new Random(52)),
                (a, b, c) -> {
                    float x = Float.float16ToFloat((short) a);
                    float y = Float.float16ToFloat((short) b);
                    return relation.test(x < y ? -1 : x > y ? 1 : 0, Float.isNaN(x) || Float.isNaN(y)) ? 0x3F80_0000L : 0;
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"u16", "s16", "u32", "s32", "u64", "s64"})
    void wholeNumbersCompareByTheirSign(String type) {
        int bits = Integer.parseInt(type.substring(1));
        long[][] sets = EdgeValues.integers(new Random(53), 2);
        for (String name : new String[]{"eq", "ne", "lt", "le", "gt", "ge"}) {
            InstructionBench.check("ppu.cmpp." + name + "." + type + " d, a, b", new int[]{1, bits, bits, 0}, sets, (a, b, c) -> {
                int order = type.startsWith("s") ? Long.compare(a << 64 - bits, b << 64 - bits) : Long.compareUnsigned(a, b);
                return RELATIONS.get(name).test(order, false) ? 1 : 0;
            });
        }
        InstructionBench.check("ppu.cmpp.lo." + type + " d, a, b", new int[]{1, bits, bits, 0}, sets,
                (a, b, c) -> Long.compareUnsigned(a, b) < 0 ? 1 : 0);
        InstructionBench.check("ppu.cmpp.hs." + type + " d, a, b", new int[]{1, bits, bits, 0}, sets,
                (a, b, c) -> Long.compareUnsigned(a, b) >= 0 ? 1 : 0);
    }

    @Test
    void relationsCombineWithAPredicate() {
        long[][] sets = EdgeValues.integers(new Random(54), 3);
        int[] widths = {1, 32, 32, 1};
        InstructionBench.check("ppu.cmpp.lt.and.s32 d, a, b, c", widths, sets, (a, b, c) -> (int) a < (int) b ? c : 0);
        InstructionBench.check("ppu.cmpp.lt.or.s32 d, a, b, !c", widths, sets, (a, b, c) -> (int) a < (int) b || c == 0 ? 1 : 0);
        InstructionBench.check("ppu.cmpp.eq.xor.b32 _|d, a, b, c", widths, sets, (a, b, c) -> (a == b ? 0 : 1) ^ c);
        InstructionBench.check("ppu.cmp.ge.and.s32.u32 d, a, b, c", new int[]{32, 32, 32, 1}, sets, (a, b, c) -> a >= b && c == 1 ? -1 : 0);
    }

    @Test
    void packedRelationsGiveTwoPredicates() {
        long[][] sets = EdgeValues.floats(new Random(55), 2);
        InstructionBench.check("ppu.cmpp.lt.f16x2 _|d, a, b", new int[]{1, 32, 32, 0}, sets,
                (a, b, c) -> Float.float16ToFloat((short) (a >>> 16)) < Float.float16ToFloat((short) (b >>> 16)) ? 1 : 0);
        InstructionBench.check("ppu.cmp.lt.f16x2.f16x2 d, a, b", new int[]{32, 32, 32, 0}, sets,
                (a, b, c) -> (Float.float16ToFloat((short) a) < Float.float16ToFloat((short) b) ? 0x3C00 : 0)
                        | (Float.float16ToFloat((short) (a >>> 16)) < Float.float16ToFloat((short) (b >>> 16)) ? 0x3C00_0000L : 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"finite", "infinite", "number", "notanumber", "normal", "subnormal"})
    void classesOfFloats(String name) {
        InstructionBench.check("ppu.testp." + name + ".f32 d, a", new int[]{1, 32, 0, 0}, EdgeValues.floats(new Random(56), 1),
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

    @Test
    void selectionsTakeOneOrTheOther() {
        long[][] sets = EdgeValues.integers(new Random(57), 3);
        InstructionBench.check("ppu.selp.b32 d, a, b, c", new int[]{32, 32, 32, 1}, sets, (a, b, c) -> c == 1 ? a : b);
        InstructionBench.check("ppu.selp.f64 d, a, b, !c", new int[]{64, 64, 64, 1}, sets, (a, b, c) -> c == 0 ? a : b);
        InstructionBench.check("ppu.slct.u64.s32 d, a, b, c", new int[]{64, 64, 64, 32}, sets, (a, b, c) -> (int) c >= 0 ? a : b);
        InstructionBench.check("ppu.slct.b16.f32 d, a, b, c", new int[]{16, 16, 16, 32}, EdgeValues.floats(new Random(58), 3),
                (a, b, c) -> Float.intBitsToFloat((int) c) >= 0 ? a : b);
    }
}
