package dev.openppu.harness.bringup;

import java.util.ArrayList;
import java.util.List;

/** Atomic instructions, each with what it leaves in plain Java (docs/tix.md, section 3). */
final class Atomics {
    /** Of single precision: all ones but the sign. */
    private static final int NAN = 0x7fff_ffff;
    /** Of double precision, when no operand was one. */
    private static final long DOUBLE_NAN = 0x7fff_ffff_0000_0000L;
    private static final int SMALLEST_NORMAL = 0x0080_0000;

    private Atomics() {}

    /** A type of whole numbers. */
    private record Whole(String name, int bytes, boolean signed) {
        /** The number that bits mean. */
        long value(long bits) {
            return bytes == Long.BYTES ? bits : signed ? (int) bits : bits & 0xffff_ffffL;
        }

        int compare(long a, long b) {
            return signed ? Long.compare(value(a), value(b)) : Long.compareUnsigned(value(a), value(b));
        }
    }

    private static final List<Whole> WHOLES = List.of(new Whole("u32", 4, false), new Whole("s32", 4, true), new Whole("u64", 8, false),
            new Whole("s64", 8, true));

    /** Atomic ones that change words as if they were whole numbers or bits. */
    static List<AtomicInstruction> atomic(boolean shared) {
        List<AtomicInstruction> all = new ArrayList<>();
        for (int bytes : new int[]{Integer.BYTES, Long.BYTES}) {
            String type = ".b" + Byte.SIZE * bytes;
            all.add(AtomicInstruction.of(shared, "and" + type, bytes, (a, b, c) -> a & b));
            all.add(AtomicInstruction.of(shared, "or" + type, bytes, (a, b, c) -> a | b));
            all.add(AtomicInstruction.of(shared, "xor" + type, bytes, (a, b, c) -> a ^ b));
            all.add(AtomicInstruction.of(shared, "exch" + type, bytes, (a, b, c) -> b));
            all.add(AtomicInstruction.of(shared, "cas" + type, bytes, (a, b, c) -> a == b ? c : a));
        }
        for (Whole type : WHOLES) {
            all.add(AtomicInstruction.of(shared, "min." + type.name, type.bytes, (a, b, c) -> type.compare(a, b) < 0 ? a : b));
            all.add(AtomicInstruction.of(shared, "max." + type.name, type.bytes, (a, b, c) -> type.compare(a, b) > 0 ? a : b));
        }
        all.add(AtomicInstruction.of(shared, "add.u32", Integer.BYTES, (a, b, c) -> a + b));
        all.add(AtomicInstruction.of(shared, "add.s32", Integer.BYTES, (a, b, c) -> a + b));
        all.add(AtomicInstruction.of(shared, "add.u64", Long.BYTES, (a, b, c) -> a + b));
        all.add(AtomicInstruction.of(shared, "inc.u32", Integer.BYTES, (a, b, c) -> a >= b ? 0 : a + 1));
        all.add(AtomicInstruction.of(shared, "dec.u32", Integer.BYTES, (a, b, c) -> a == 0 || a > b ? b : a - 1));
        return all;
    }

    /** Atomic ones on floating numbers; {@code add.f32} flushes subnormals in global memory and keeps them in shared memory. */
    static List<AtomicInstruction> atomicFloat(boolean shared) {
        return List.of(
                AtomicInstruction.of(shared, "add.f32", Integer.BYTES, (a, b, c) -> {
                    float sum = Float.intBitsToFloat(flushed((int) a, shared)) + Float.intBitsToFloat(flushed((int) b, shared));
                    return Float.isNaN(sum) ? NAN : flushed(Float.floatToRawIntBits(sum), shared);
                }),
                AtomicInstruction.of(shared, "add.f64", Long.BYTES, (a, b, c) -> {
                    double sum = Double.longBitsToDouble(a) + Double.longBitsToDouble(b);
                    return Double.isNaN(sum) ? DOUBLE_NAN : Double.doubleToRawLongBits(sum);
                }));
    }

    private static int flushed(int bits, boolean kept) {
        return kept || (bits & Integer.MAX_VALUE) >= SMALLEST_NORMAL ? bits : bits & Integer.MIN_VALUE;
    }
}
