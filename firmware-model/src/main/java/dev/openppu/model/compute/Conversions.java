package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Rounding;

/** cvt and cvt.pack: between all integer and floating-point types. */
final class Conversions {
    private static final double TWO_TO_63 = 0x1p63;

    private Conversions() {}

    /** The conversion that an instruction asks for; the result is extended to 64 bits by its own sign, if it has one. */
    static LaneFunction of(Instruction instruction, DataType to, DataType from) throws InvalidCode {
        if (to == DataType.F16X2 || to == DataType.BF16X2) {
            Decoded.require(from == DataType.F32);
            LaneFunction one = toFloat(instruction, to == DataType.F16X2 ? DataType.F16 : DataType.BF16, from);
            return (a, b, c, e) -> one.apply(a, 0, 0, 0) << 16 | one.apply(b, 0, 0, 0);
        }
        Decoded.require(isScalar(to) && isScalar(from));
        if (to.kind() == DataType.Kind.FLOAT) {
            return from.kind() == DataType.Kind.FLOAT ? toFloat(instruction, to, from) : integerToFloat(instruction, to, from);
        }
        return from.kind() == DataType.Kind.FLOAT ? floatToInteger(instruction, to, from) : integerToInteger(instruction, to, from);
    }

    private static boolean isScalar(DataType type) {
        return type.isInteger() || type.kind() == DataType.Kind.FLOAT;
    }

    private static LaneFunction integerToInteger(Instruction instruction, DataType to, DataType from) {
        boolean saturate = instruction.saturate();
        return (a, b, c, e) -> {
            long value = Bits.extend(a, from);
            return Bits.extend(saturate ? clamp(value, from.isSigned(), to) : value, to);
        };
    }

    /** A number clamped to a type's range; unsigned sources count from 0 to 2^64-1. */
    private static long clamp(long value, boolean signed, DataType to) {
        long most = to.isSigned() ? Bits.zeroExtend(-1L, to.bits() - 1) : Bits.zeroExtend(-1L, to.bits());
        if (signed && value < 0) {
            return to.isSigned() ? Math.max(value, -most - 1) : 0;
        }
        return Long.compareUnsigned(value, most) > 0 ? most : value;
    }

    private static LaneFunction floatToInteger(Instruction instruction, DataType to, DataType from) throws InvalidCode {
        Rounding mode = Decoded.valid(instruction.rounding());
        FloatKind kind = FloatKind.of(from);
        boolean flush = instruction.flushToZero() && from == DataType.F32;
        boolean nanIsZero = from != DataType.F64 && to.bits() < 64;
        return (a, b, c, e) -> {
            double value = integral(kind.value(kind.flushed(a, flush)), mode);
            if (Double.isNaN(value)) {
                return nanIsZero ? 0 : Bits.extend(1L << to.bits() - 1, to);
            }
            if (to == DataType.U64) {
                return value <= 0
                        ? 0
                        : value < TWO_TO_63 ? (long) value : value < 2 * TWO_TO_63 ? (long) (value - TWO_TO_63) + Long.MIN_VALUE : -1L;
            }
            return clamp((long) value, true, to);
        };
    }

    static double integral(double value, Rounding mode) {
        return switch (mode) {
            case NONE, NEAREST_EVEN -> Math.rint(value);
            case TOWARD_ZERO -> value < 0 ? Math.ceil(value) : Math.floor(value);
            case DOWN -> Math.floor(value);
            case UP -> Math.ceil(value);
        };
    }

    private static LaneFunction integerToFloat(Instruction instruction, DataType to, DataType from) throws InvalidCode {
        Rounding mode = Decoded.valid(instruction.rounding());
        boolean saturate = instruction.saturate();
        FloatKind kind = FloatKind.of(to);
        return (a, b, c, e) -> {
            long value = Bits.extend(a, from);
            boolean negative = from.isSigned() && value < 0;
            long magnitude = negative ? -value : value;
            if (kind == FloatKind.F16 || kind == FloatKind.BF16) {
                double odd = Integers.toOdd(magnitude, negative);
                return (kind == FloatKind.F16 ? FloatFormat.F16 : FloatFormat.BF16).narrow(saturate ? Math.clamp(odd, 0.0, 1.0) : odd,
                        mode);
            }
            double result = Integers.round(magnitude, negative, kind == FloatKind.F32 ? 24 : 53, mode);
            double clamped = saturate ? Math.clamp(result, 0.0, 1.0) : result;
            return kind == FloatKind.F32 ? Float.floatToRawIntBits((float) clamped) & 0xFFFF_FFFFL : Double.doubleToRawLongBits(clamped);
        };
    }

    private static LaneFunction toFloat(Instruction instruction, DataType to, DataType from) throws InvalidCode {
        Rounding mode = Decoded.valid(instruction.rounding());
        FloatKind source = FloatKind.of(from);
        FloatKind result = FloatKind.of(to);
        boolean integral = instruction.hasVariant(Instruction.VARIANT_INTEGRAL);
        boolean saturate = instruction.saturate();
        boolean relu = instruction.hasVariant(Instruction.VARIANT_RELU);
        boolean finite = instruction.hasVariant(Instruction.VARIANT_SATFINITE);
        boolean flushIn = instruction.flushToZero() && from == DataType.F32;
        boolean flushOut = instruction.flushToZero() && to == DataType.F32;
        return (a, b, c, e) -> {
            double value = source.value(source.flushed(a, flushIn));
            if (integral) {
                value = integral(value, mode);
            }
            if (saturate) {
                value = value > 0 ? Math.min(value, 1) : 0;
            } else if (relu && value < 0) {
                value = 0;
            }
            if (Double.isNaN(value)) {
                return result == FloatKind.F64 && source == FloatKind.F64 ? Floats.propagateNan(a, a, a) : result.canonicalNan();
            }
            long bits = result.flushed(narrow(value, result, mode), flushOut);
            return finite && result.isInfinite(bits) ? bits & result.signBit() | largestFinite(result) : bits;
        };
    }

    private static long largestFinite(FloatKind kind) {
        return kind == FloatKind.F16 ? FloatFormat.F16.largestFinite() : FloatFormat.BF16.largestFinite();
    }

    private static long narrow(double value, FloatKind kind, Rounding mode) {
        return switch (kind) {
            case F16 -> FloatFormat.F16.narrow(value, mode);
            case BF16 -> FloatFormat.BF16.narrow(value, mode);
            case F32 -> Float.floatToRawIntBits(Exact.narrow(value, mode)) & 0xFFFF_FFFFL;
            case F64 -> Double.doubleToRawLongBits(value);
        };
    }

    /** cvt.pack: a and b clamped to the type, b lowest; 8-bit results below what c has in its low half. */
    static LaneFunction pack(DataType to) throws InvalidCode {
        Decoded.require(to.isInteger() && to.bits() <= 16);
        int bits = to.bits();
        return (a, b, c, e) -> {
            long packed = Bits.zeroExtend(clamp((int) a, true, to), bits) << bits | Bits.zeroExtend(clamp((int) b, true, to), bits);
            return bits == 16 ? packed : packed | c << 16;
        };
    }
}
