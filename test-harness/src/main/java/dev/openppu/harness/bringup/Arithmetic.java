package dev.openppu.harness.bringup;

import dev.openppu.harness.bringup.Instruction.Twin;
import java.util.ArrayList;
import java.util.List;

/** Instructions on whole numbers and atomic ones, each with what it gives in plain Java (docs/tix.md, section 3). */
final class Arithmetic {
    /** Of single precision: all ones but the sign. */
    private static final int NAN = 0x7fff_ffff;
    /** Of double precision, when no operand was one. */
    private static final long DOUBLE_NAN = 0x7fff_ffff_0000_0000L;
    private static final int SMALLEST_NORMAL = 0x0080_0000;

    private Arithmetic() {}

    /** A type of whole numbers. */
    private record Whole(String name, int bytes, boolean signed) {
        /** The number that bits mean. */
        long value(long bits) {
            return bytes == Long.BYTES ? bits : signed ? (int) bits : bits & 0xffff_ffffL;
        }

        int compare(long a, long b) {
            return signed ? Long.compare(value(a), value(b)) : Long.compareUnsigned(value(a), value(b));
        }

        long high(long a, long b) {
            if (bytes == Integer.BYTES) {
                return value(a) * value(b) >>> Integer.SIZE;
            }
            return signed ? Math.multiplyHigh(a, b) : Math.unsignedMultiplyHigh(a, b);
        }

        long quotient(long a, long b) {
            return signed ? value(a) / value(b) : Long.divideUnsigned(value(a), value(b));
        }

        long remainder(long a, long b) {
            return signed ? value(a) % value(b) : Long.remainderUnsigned(value(a), value(b));
        }
    }

    private static final List<Whole> WHOLES = List.of(new Whole("u32", 4, false), new Whole("s32", 4, true), new Whole("u64", 8, false),
            new Whole("s64", 8, true));

    /** Of both widths and signs. */
    static List<Instruction> whole() {
        List<Instruction> all = new ArrayList<>();
        for (Whole type : WHOLES) {
            add(all, "add", type, (a, b, c) -> a + b);
            add(all, "sub", type, (a, b, c) -> a - b);
            add(all, "mul.lo", type, (a, b, c) -> a * b);
            add(all, "mul.hi", type, (a, b, c) -> type.high(a, b));
            add(all, "div", type, (a, b, c) -> type.quotient(a, b));
            add(all, "rem", type, (a, b, c) -> type.remainder(a, b));
            add(all, "min", type, (a, b, c) -> type.compare(a, b) < 0 ? a : b);
            add(all, "max", type, (a, b, c) -> type.compare(a, b) > 0 ? a : b);
            all.add(Instruction.plain("mad.lo." + type.name, type.bytes, "a, b, c", (a, b, c) -> a * b + c));
            all.add(Instruction.plain("sad." + type.name, type.bytes, "a, b, c",
                    (a, b, c) -> c + (type.compare(a, b) < 0 ? b - a : a - b)));
        }
        for (Whole type : WHOLES) {
            if (!type.signed) {
                all.add(carries(type));
                all.add(borrows(type));
            }
        }
        return all;
    }

    /** A carry that comes in and goes out again is made visible by zeros. */
    private static Instruction carries(Whole type) {
        return new Instruction("carries_" + type.name, type.bytes,
                "ppu.add.co.%1$s d, a, b;\nppu.add.ci.co.%1$s d, c, c;\nppu.add.ci.%1$s d, 0, 0;".formatted(type.name), false, false,
                (a, b, c) -> {
                    int carry = type.compare(a + b, a) < 0 ? 1 : 0;
                    return type.compare(c + c, c) < 0 || carry != 0 && type.value(c + c + carry) == 0 ? 1 : 0;
                });
    }

    private static Instruction borrows(Whole type) {
        return new Instruction("borrows_" + type.name, type.bytes,
                "ppu.sub.co.%1$s d, a, b;\nppu.sub.ci.co.%1$s d, c, c;\nppu.sub.ci.%1$s d, 0, 0;".formatted(type.name), false, false,
                (a, b, c) -> type.compare(a, b) < 0 ? -1 : 0);
    }

    private static void add(List<Instruction> all, String mnemonic, Whole type, Twin twin) {
        all.add(Instruction.plain(mnemonic + "." + type.name, type.bytes, "a, b", twin));
    }

    /** On bits, and shifts by amounts within the width and beyond it. */
    static List<Instruction> bits() {
        List<Instruction> all = new ArrayList<>();
        for (int bytes : new int[]{Integer.BYTES, Long.BYTES}) {
            String type = ".b" + Byte.SIZE * bytes;
            all.add(Instruction.plain("and" + type, bytes, "a, b", (a, b, c) -> a & b));
            all.add(Instruction.plain("or" + type, bytes, "a, b", (a, b, c) -> a | b));
            all.add(Instruction.plain("xor" + type, bytes, "a, b", (a, b, c) -> a ^ b));
            all.add(Instruction.plain("not" + type, bytes, "a", (a, b, c) -> ~a));
        }
        int width = Integer.SIZE;
        all.add(Instruction.plain("shl.b32", Integer.BYTES, "a, b", (a, b, c) -> b >= width ? 0 : a << b));
        all.add(Instruction.plain("shr.u32", Integer.BYTES, "a, b", (a, b, c) -> b >= width ? 0 : a >>> b));
        all.add(Instruction.plain("shr.s32", Integer.BYTES, "a, b", (a, b, c) -> (int) a >> Math.min(b, width - 1)));
        for (String amount : new String[]{"clamp", "wrap"}) {
            all.add(Instruction.plain("shf.l." + amount + ".b32", Integer.BYTES, "a, b, c",
                    (a, b, c) -> (b << width | a) << (amount.equals("wrap") ? c % width : Math.min(c, width)) >>> width));
            all.add(Instruction.plain("shf.r." + amount + ".b32", Integer.BYTES, "a, b, c",
                    (a, b, c) -> (b << width | a) >>> (amount.equals("wrap") ? c % width : Math.min(c, width))));
        }
        all.add(Instruction.plain("brev.b32", Integer.BYTES, "a", (a, b, c) -> Integer.reverse((int) a)));
        all.add(Instruction.plain("popc.b32", Integer.BYTES, "a", (a, b, c) -> Long.bitCount(a)));
        all.add(Instruction.plain("clz.b32", Integer.BYTES, "a", (a, b, c) -> Integer.numberOfLeadingZeros((int) a)));
        return all;
    }

    /** Atomic ones that change words as if they were whole numbers or bits. */
    static List<Instruction> atomic(boolean shared) {
        List<Instruction> all = new ArrayList<>();
        for (int bytes : new int[]{Integer.BYTES, Long.BYTES}) {
            String type = ".b" + Byte.SIZE * bytes;
            all.add(Instruction.atomic(shared, "and" + type, bytes, (a, b, c) -> a & b));
            all.add(Instruction.atomic(shared, "or" + type, bytes, (a, b, c) -> a | b));
            all.add(Instruction.atomic(shared, "xor" + type, bytes, (a, b, c) -> a ^ b));
            all.add(Instruction.atomic(shared, "exch" + type, bytes, (a, b, c) -> b));
            all.add(Instruction.atomic(shared, "cas" + type, bytes, (a, b, c) -> a == b ? c : a));
        }
        for (Whole type : WHOLES) {
            all.add(Instruction.atomic(shared, "min." + type.name, type.bytes, (a, b, c) -> type.compare(a, b) < 0 ? a : b));
            all.add(Instruction.atomic(shared, "max." + type.name, type.bytes, (a, b, c) -> type.compare(a, b) > 0 ? a : b));
        }
        all.add(Instruction.atomic(shared, "add.u32", Integer.BYTES, (a, b, c) -> a + b));
        all.add(Instruction.atomic(shared, "add.s32", Integer.BYTES, (a, b, c) -> a + b));
        all.add(Instruction.atomic(shared, "add.u64", Long.BYTES, (a, b, c) -> a + b));
        all.add(Instruction.atomic(shared, "inc.u32", Integer.BYTES, (a, b, c) -> a >= b ? 0 : a + 1));
        all.add(Instruction.atomic(shared, "dec.u32", Integer.BYTES, (a, b, c) -> a == 0 || a > b ? b : a - 1));
        return all;
    }

    /** Atomic ones on floating numbers; {@code add.f32} flushes subnormals in global memory and keeps them in shared memory. */
    static List<Instruction> atomicFloat(boolean shared) {
        return List.of(
                Instruction.atomic(shared, "add.f32", Integer.BYTES, (a, b, c) -> {
                    float sum = Float.intBitsToFloat(flushed((int) a, shared)) + Float.intBitsToFloat(flushed((int) b, shared));
                    return Float.isNaN(sum) ? NAN : flushed(Float.floatToRawIntBits(sum), shared);
                }),
                Instruction.atomic(shared, "add.f64", Long.BYTES, (a, b, c) -> {
                    double sum = Double.longBitsToDouble(a) + Double.longBitsToDouble(b);
                    return Double.isNaN(sum) ? DOUBLE_NAN : Double.doubleToRawLongBits(sum);
                }));
    }

    private static int flushed(int bits, boolean kept) {
        return kept || (bits & Integer.MAX_VALUE) >= SMALLEST_NORMAL ? bits : bits & Integer.MIN_VALUE;
    }
}
