package dev.openppu.abi.code;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

/**
 * One native instruction: 32 bytes, four little-endian 64-bit words (OpenPPU's own design).
 *
 * <pre>
 *  word 0, control
 *   63 62 61 60 59 58 57 56 55 54 53 52 51 50 49  47 46   43 42   40 39 38 37 36     31 30 29 28  26 25 24      18 17     13 12      8 7       0
 *  +-----+-----+-----+-----+-----+-----+-----+------+-------+-------+--+-----+---------+--+--+------+--+----------+---------+---------+--------+
 *  |kind |kind |kind |kind |dest |vec  |scope| order| cache | space |!q| bool| variant |sat|ftz| rnd|!p| guard p  | source  | type    | opcode |
 *  |  e  |  c  |  b  |  a  |size |     |     |      |       |       |  |     |         |  |  |      |  |          | type    |         |        |
 *  +-----+-----+-----+-----+-----+-----+-----+------+-------+-------+--+-----+---------+--+--+------+--+----------+---------+---------+--------+
 *  word 1, operands: one byte each, from bit 0: d, a, b, c, e, p, q, s
 *  word 2: first immediate; byte offset of an address; byte displacement of a branch, from the branch itself
 *  word 3: second immediate; or the up to eight registers of a vector, one byte each, from bit 0
 * </pre>
 *
 * <p>Registers are numbered in units of 32 bits, 0 to 254; 64-bit operands name an even register, 128-bit operands a multiple of four. Byte 255 is "none":
 * a result thrown away, an address without a register. Predicates are 0 to 126; 127 is the one that is always true. An operand byte is read as its kind
 * says: 0 register, 1 first immediate, 2 second immediate, 3 special register. d is the result, a, b, c and e are sources, p and q result predicates, s the
 * source predicate ({@code !q} negates s). Type {@code .pred} makes d, a and b predicates. Dest size is the base-2 logarithm of the registers of d, vec that
 * of the elements.
 *
 * <p>This class only carries bits: accessors of enumerated fields answer null for numbers that mean nothing, and the compute units fault on them.
 */
public record Instruction(long control, long operands, long immediate0, long immediate1) {
    /** Bytes of an instruction; code addresses are multiples of it. */
    public static final int BYTES = 32;
    /** Operand byte for "none". */
    public static final int NONE = 0xFF;
    /** The predicate that is always true, also the guard of an unguarded instruction. */
    public static final int TRUE_PREDICATE = 0x7F;
    /** Highest number of 32-bit registers a thread can have (fact sheet, section 2). */
    public static final int MAX_REGISTERS = 255;
    /** Highest number of predicates a thread can have (ours). */
    public static final int MAX_PREDICATES = 127;

    public static final int KIND_REGISTER = 0;
    public static final int KIND_IMMEDIATE_0 = 1;
    public static final int KIND_IMMEDIATE_1 = 2;
    public static final int KIND_SPECIAL = 3;

    /** Operand positions in word 1. */
    public enum Operand {
        D, A, B, C, E, P, Q, S
    }

    /** Variant bits of floating-point min and max. */
    public static final int VARIANT_NAN = 1;
    public static final int VARIANT_XORSIGN = 2;
    public static final int VARIANT_ABS = 4;
    /** Variant bit of min, max, fma and cvt: negative results become zero. */
    public static final int VARIANT_RELU = 8;
    /** Variant bits of add, sub, mad: carry in, carry out. mad keeps its {@link ProductPart} in bits 1:0, mul too. */
    public static final int VARIANT_CARRY_IN = 16;
    public static final int VARIANT_CARRY_OUT = 32;
    /** Variant bit of div, rcp and sqrt: approximate; div.full has the next one. */
    public static final int VARIANT_APPROX = 1;
    public static final int VARIANT_FULL = 2;
    /** Variant bit of cvt: to an integral value. */
    public static final int VARIANT_INTEGRAL = 1;
    public static final int VARIANT_SATFINITE = 2;
    /** Variant bit of shf: right; of shf, bmsk and szext: wrap instead of clamp. */
    public static final int VARIANT_RIGHT = 1;
    public static final int VARIANT_WRAP = 2;
    /** Variant bit of bfind: shift amount instead of position. */
    public static final int VARIANT_SHIFT_AMOUNT = 1;
    /** Variant bit of shfl (mode in 1:0), match (all in bit 0) and redux (operation in 2:0): threads of a member mask meet. */
    public static final int VARIANT_SYNC = 16;
    /** Variant bit of bar (operation in 2:0): all threads of the block execute this very instruction. */
    public static final int VARIANT_ALIGNED = 16;
    /** Variant bit of bar: a thread count is given. */
    public static final int VARIANT_COUNTED = 8;
    /** Variant bit of dp2a: upper half. */
    public static final int VARIANT_HIGH = 1;

    public int opcodeNumber() {
        return (int) control & 0xFF;
    }

    public @Nullable Opcode opcode() {
        return Opcode.of(opcodeNumber());
    }

    public @Nullable DataType type() {
        return DataType.of(bits(8, 5));
    }

    public @Nullable DataType sourceType() {
        return DataType.of(bits(13, 5));
    }

    public int guard() {
        return bits(18, 7);
    }

    public boolean guardNegated() {
        return bits(25, 1) != 0;
    }

    public @Nullable Rounding rounding() {
        return Rounding.of(bits(26, 3));
    }

    public boolean flushToZero() {
        return bits(29, 1) != 0;
    }

    public boolean saturate() {
        return bits(30, 1) != 0;
    }

    public int variant() {
        return bits(31, 6);
    }

    public boolean hasVariant(int bit) {
        return (variant() & bit) != 0;
    }

    public @Nullable BooleanOperation booleanOperation() {
        return BooleanOperation.of(bits(37, 2));
    }

    public boolean sourcePredicateNegated() {
        return bits(39, 1) != 0;
    }

    public @Nullable StateSpace space() {
        return StateSpace.of(bits(40, 3));
    }

    public @Nullable CacheOperator cache() {
        return CacheOperator.of(bits(43, 4));
    }

    public @Nullable MemoryOrder order() {
        return MemoryOrder.of(bits(47, 3));
    }

    public @Nullable Scope scope() {
        return Scope.of(bits(50, 2));
    }

    /** Elements of a vector operand: 1, 2, 4 or 8. */
    public int vectorElements() {
        return 1 << bits(52, 2);
    }

    /** Registers of the result where they can be more than the type needs (loads, conversions): 1, 2, 4 (or 8, which is invalid). */
    public int resultRegisters() {
        return 1 << bits(54, 2);
    }

    /** Kind of source a, b, c or e. */
    public int kind(Operand source) {
        return bits(56 + 2 * (source.ordinal() - 1), 2);
    }

    public int operand(Operand operand) {
        return (int) (operands >>> 8 * operand.ordinal()) & 0xFF;
    }

    /** Register number of a vector's element, from word 3. */
    public int element(int index) {
        return (int) (immediate1 >>> 8 * index) & 0xFF;
    }

    private int bits(int shift, int width) {
        return (int) (control >>> shift) & ((1 << width) - 1);
    }

    /** Writes the 32 bytes at the buffer's position. */
    public void encode(ByteBuffer out) {
        ByteBuffer littleEndian = out.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        littleEndian.putLong(control).putLong(operands).putLong(immediate0).putLong(immediate1);
        out.position(littleEndian.position());
    }

    /** Reads 32 bytes from the buffer's position. Never fails on content. */
    public static Instruction decode(ByteBuffer in) {
        ByteBuffer littleEndian = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        Instruction instruction = new Instruction(littleEndian.getLong(), littleEndian.getLong(), littleEndian.getLong(),
                littleEndian.getLong());
        in.position(littleEndian.position());
        return instruction;
    }

    public static Builder of(Opcode opcode) {
        return new Builder(opcode);
    }

    /** Collects the fields of an instruction; everything not set is absent, unguarded or none. Not thread-safe. */
    public static final class Builder {
        private long control;
        private long operands = -1L;
        private long immediate0;
        private long immediate1;

        private Builder(Opcode opcode) {
            control = opcode.code() | (long) TRUE_PREDICATE << 18;
        }

        private Builder put(int shift, int width, int value) {
            long mask = (1L << width) - 1;
            if ((value & mask) != value) {
                throw new IllegalArgumentException("value " + value + " does not fit " + width + " bits");
            }
            control = control & ~(mask << shift) | (long) value << shift;
            return this;
        }

        public Builder type(DataType type) {
            return put(8, 5, type.code());
        }

        public Builder sourceType(DataType type) {
            return put(13, 5, type.code());
        }

        public Builder guard(int predicate, boolean negated) {
            return put(18, 7, predicate).put(25, 1, negated ? 1 : 0);
        }

        public Builder rounding(Rounding rounding) {
            return put(26, 3, rounding.code());
        }

        public Builder flushToZero(boolean on) {
            return put(29, 1, on ? 1 : 0);
        }

        public Builder saturate(boolean on) {
            return put(30, 1, on ? 1 : 0);
        }

        public Builder variant(int variant) {
            return put(31, 6, variant);
        }

        public Builder booleanOperation(BooleanOperation operation) {
            return put(37, 2, operation.code());
        }

        public Builder sourcePredicate(int predicate, boolean negated) {
            put(39, 1, negated ? 1 : 0);
            return operand(Operand.S, predicate);
        }

        public Builder space(StateSpace space) {
            return put(40, 3, space.code());
        }

        public Builder cache(CacheOperator cache) {
            return put(43, 4, cache.code());
        }

        public Builder order(MemoryOrder order) {
            return put(47, 3, order.code());
        }

        public Builder scope(Scope scope) {
            return put(50, 2, scope.code());
        }

        /** 1, 2, 4 or 8. */
        public Builder vectorElements(int count) {
            return put(52, 2, Integer.numberOfTrailingZeros(count));
        }

        /** 1, 2 or 4. */
        public Builder resultRegisters(int count) {
            return put(54, 2, Integer.numberOfTrailingZeros(count));
        }

        public Builder operand(Operand operand, int value) {
            int shift = 8 * operand.ordinal();
            operands = operands & ~(0xFFL << shift) | (long) (value & 0xFF) << shift;
            return this;
        }

        /** Source a, b, c or e of the given kind. */
        public Builder source(Operand operand, int kind, int value) {
            put(56 + 2 * (operand.ordinal() - 1), 2, kind);
            return operand(operand, value);
        }

        public Builder immediate0(long value) {
            immediate0 = value;
            return this;
        }

        public Builder immediate1(long value) {
            immediate1 = value;
            return this;
        }

        /** Registers of a vector operand, {@link #NONE} for an element thrown away. */
        public Builder elements(int... registers) {
            immediate1 = -1L;
            for (int i = 0; i < registers.length; i++) {
                immediate1 = immediate1 & ~(0xFFL << 8 * i) | (long) (registers[i] & 0xFF) << 8 * i;
            }
            return vectorElements(registers.length);
        }

        public Instruction build() {
            return new Instruction(control, operands, immediate0, immediate1);
        }
    }
}
