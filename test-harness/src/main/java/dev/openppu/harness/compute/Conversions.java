package dev.openppu.harness.compute;

import dev.openppu.harness.compute.ReferenceFloat.Mode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Numbers of one kind made to another. */
final class Conversions {
    private Conversions() {}

    static void addTo(InstructionCatalogue into) {
        for (String to : List.of("u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64")) {
            wholeNumbersAreExtendedCutOrClamped(into.group("whole numbers are extended cut or clamped"), to);
        }
        for (Mode mode : Mode.values()) {
            floatsBecomeWholeNumbersInEveryDirection(into.group("floats become whole numbers in every direction"), mode);
        }
        for (Mode mode : Mode.values()) {
            wholeNumbersBecomeFloatsRoundedOnce(into.group("whole numbers become floats rounded once"), mode);
        }
        for (Mode mode : Mode.values()) {
            floatsNarrowOnce(into.group("floats narrow once"), mode);
        }
        wideningIsExact(into.group("widening is exact"));
        floatsRoundToIntegralFloats(into.group("floats round to integral floats"), "irtte", RoundingMode.HALF_EVEN);
        floatsRoundToIntegralFloats(into.group("floats round to integral floats"), "irtz", RoundingMode.DOWN);
        floatsRoundToIntegralFloats(into.group("floats round to integral floats"), "irtn", RoundingMode.FLOOR);
        floatsRoundToIntegralFloats(into.group("floats round to integral floats"), "irtp", RoundingMode.CEILING);
        pairsPackTheFirstSourceHigh(into.group("pairs pack the first source high"));
    }

    private static BigInteger number(long value, int bits, boolean signed) {
        BigInteger unsigned = new BigInteger(Long.toUnsignedString(InstructionCheck.mask(value, bits)));
        return signed && unsigned.testBit(bits - 1) ? unsigned.subtract(BigInteger.ONE.shiftLeft(bits)) : unsigned;
    }

    private static BigInteger least(int bits, boolean signed) {
        return signed ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
    }

    private static BigInteger most(int bits, boolean signed) {
        return BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
    }

    private static RoundingMode direction(Mode mode) {
        return switch (mode) {
            case RTTE -> RoundingMode.HALF_EVEN;
            case RTZ -> RoundingMode.DOWN;
            case RTN -> RoundingMode.FLOOR;
            case RTP -> RoundingMode.CEILING;
        };
    }

    private static String name(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static void wholeNumbersAreExtendedCutOrClamped(InstructionGroup into, String to) {
        int toBits = Integer.parseInt(to.substring(1));
        for (String from : new String[]{"u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64"}) {
            int fromBits = Integer.parseInt(from.substring(1));
            boolean toSigned = to.startsWith("s");
            boolean fromSigned = from.startsWith("s");
            int[] widths = {64, Math.max(16, fromBits), 0, 0};
            long[][] sets = EdgeValues.integers(new Random(40), 1);
            into.check("ppu.cvt." + to + "." + from + " d, a", widths, sets, (a, b, c) -> {
                long cut = InstructionCheck.mask(number(a, fromBits, fromSigned).longValue(), toBits);
                return toSigned ? cut << 64 - toBits >> 64 - toBits : cut;
            });
            into.check("ppu.cvt.sat." + to + "." + from + " d, a", widths, sets,
                    (a, b, c) -> number(a, fromBits, fromSigned).max(least(toBits, toSigned)).min(most(toBits, toSigned)).longValue());
        }
    }

    private static void floatsBecomeWholeNumbersInEveryDirection(InstructionGroup into, Mode mode) {
        for (String to : new String[]{"u8", "s16", "u32", "s32", "u64", "s64"}) {
            int bits = Integer.parseInt(to.substring(1));
            boolean signed = to.startsWith("s");
            int width = Math.max(16, bits);
            into.check("ppu.cvt.i" + name(mode) + "." + to + ".f32 d, a", new int[]{width, 32, 0, 0},
                    EdgeValues.floats(new Random(41), 1),
                    (a, b, c) -> toInteger(Float.intBitsToFloat((int) a), bits, signed, mode, bits < 64));
            into.check("ppu.cvt.i" + name(mode) + "." + to + ".f64 d, a", new int[]{width, 64, 0, 0},
                    EdgeValues.doubles(new Random(42), 1),
                    (a, b, c) -> toInteger(Double.longBitsToDouble(a), bits, signed, mode, false));
        }
    }

    private static long toInteger(double value, int bits, boolean signed, Mode mode, boolean nanIsZero) {
        if (Double.isNaN(value)) {
            return nanIsZero ? 0 : InstructionCheck.mask(signed ? -1L << bits - 1 : 1L << bits - 1, Math.max(16, bits));
        }
        BigInteger whole = Double.isInfinite(value)
                ? BigInteger.ONE.shiftLeft(100).multiply(BigInteger.valueOf(value > 0 ? 1 : -1))
                : new BigDecimal(value).setScale(0, direction(mode)).toBigInteger();
        return whole.max(least(bits, signed)).min(most(bits, signed)).longValue();
    }

    private static void wholeNumbersBecomeFloatsRoundedOnce(InstructionGroup into, Mode mode) {
        for (String from : new String[]{"u8", "s16", "u32", "s32", "u64", "s64"}) {
            int bits = Integer.parseInt(from.substring(1));
            boolean signed = from.startsWith("s");
            long[][] sets = EdgeValues.integers(new Random(43), 1);
            int width = Math.max(16, bits);
            for (String to : new String[]{"f16", "bf16", "f32", "f64"}) {
                ReferenceFloat format = format(to);
                into.check("ppu.cvt." + name(mode) + "." + to + "." + from + " d, a", new int[]{format.bits(), width, 0, 0},
                        sets, (a, b, c) -> {
                            BigInteger value = number(a, bits, signed);
                            return format.round(new ReferenceFloat.Value(value.signum() < 0, value.abs(), BigInteger.ONE), mode);
                        });
            }
        }
    }

    private static ReferenceFloat format(String type) {
        return switch (type) {
            case "f16" -> ReferenceFloat.HALF;
            case "bf16" -> ReferenceFloat.BFLOAT;
            case "f32" -> ReferenceFloat.SINGLE;
            default -> ReferenceFloat.DOUBLE;
        };
    }

    private static void floatsNarrowOnce(InstructionGroup into, Mode mode) {
        long[][] doubles = EdgeValues.doubles(new Random(44), 1);
        long[][] floats = EdgeValues.floats(new Random(45), 1);
        for (String to : new String[]{"f32", "f16", "bf16"}) {
            narrow(into, to, "f64", mode, doubles);
        }
        for (String to : new String[]{"f16", "bf16"}) {
            narrow(into, to, "f32", mode, floats);
        }
    }

    private static void narrow(InstructionGroup into, String to, String from, Mode mode, long[][] sets) {
        ReferenceFloat target = format(to);
        ReferenceFloat source = format(from);
        long nan = (1L << target.bits() - 1) - 1;
        into.check("ppu.cvt." + name(mode) + "." + to + "." + from + " d, a", new int[]{target.bits(), source.bits(), 0, 0},
                sets,
                (a, b, c) -> source.isNan(a)
                        ? nan
                        : source.isInfinite(a) ? target.infinity(source.isNegative(a)) : target.round(source.value(a), mode));
    }

    private static void wideningIsExact(InstructionGroup into) {
        long[][] halves = EdgeValues.halves(new Random(46));
        into.check("ppu.cvt.f32.f16 d, a", new int[]{32, 16, 0, 0}, halves,
                (a, b, c) -> ReferenceFloat.HALF.isNan(a)
                        ? 0x7FFF_FFFFL
                        : Float.floatToRawIntBits(Float.float16ToFloat((short) a)));
        into.check("ppu.cvt.f32.bf16 d, a", new int[]{32, 16, 0, 0}, halves,
                (a, b, c) -> ReferenceFloat.BFLOAT.isNan(a) ? 0x7FFF_FFFFL : a << 16);
        into.check("ppu.cvt.f64.f32 d, a", new int[]{64, 32, 0, 0}, EdgeValues.floats(new Random(47), 1),
                (a, b, c) -> ReferenceFloat.SINGLE.isNan(a)
                        ? 0x7FFF_FFFF_0000_0000L
                        : Double.doubleToRawLongBits(Float.intBitsToFloat((int) a)));
    }

    private static void floatsRoundToIntegralFloats(InstructionGroup into, String mode, RoundingMode rounding) {
        into.check("ppu.cvt." + mode + ".f32.f32 d, a", new int[]{32, 32, 0, 0}, EdgeValues.floats(new Random(48), 1),
                (a, b, c) -> {
                    float value = Float.intBitsToFloat((int) a);
                    if (Float.isNaN(value)) {
                        return 0x7FFF_FFFFL;
                    }
                    float result = Float.isInfinite(value)
                            ? value
                            : Math.copySign(new BigDecimal(value).setScale(0, rounding).floatValue(), value);
                    return Float.floatToRawIntBits(result) & 0xFFFF_FFFFL;
                });
    }

    private static void pairsPackTheFirstSourceHigh(InstructionGroup into) {
        long[][] sets = {{Float.floatToRawIntBits(1.5f), Float.floatToRawIntBits(-2f), 0},
            {Float.floatToRawIntBits(1e9f), Float.floatToRawIntBits(-1e9f), 0}};
        into.check("ppu.cvt.rtte.f16x2.f32 d, a, b", new int[]{32, 32, 32, 0}, sets,
                (a, b, c) -> Float.intBitsToFloat((int) a) == 1.5f ? 0x3E00_C000L : 0x7C00_FC00L);
        into.check("ppu.cvt.rtte.satfinite.f16x2.f32 d, a, b", new int[]{32, 32, 32, 0}, sets,
                (a, b, c) -> Float.intBitsToFloat((int) a) == 1.5f ? 0x3E00_C000L : 0x7BFF_FBFFL);
        into.check("ppu.cvt.rtz.relu.bf16x2.f32 d, a, b", new int[]{32, 32, 32, 0}, sets,
                (a, b, c) -> Float.intBitsToFloat((int) a) == 1.5f ? 0x3FC0_0000L : 0x4E6E_0000L);
        long[][] numbers = EdgeValues.integers(new Random(49), 3);
        into.check("ppu.cvt.pack.sat.s16.s32 d, a, b", new int[]{32, 32, 32, 0}, numbers,
                (a, b, c) -> (long) Math.clamp((int) a, -32768, 32767) << 16 | Math.clamp((int) b, -32768, 32767) & 0xFFFF);
        into.check("ppu.cvt.pack.sat.u8.s32.b32 d, a, b, c", new int[]{32, 32, 32, 32}, numbers,
                (a, b, c) -> c << 16 | (long) Math.clamp((int) a, 0, 255) << 8 | Math.clamp((int) b, 0, 255));
    }
}
