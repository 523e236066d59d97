package dev.openppu.driver.tix;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.ProductPart;
import dev.openppu.abi.code.Rounding;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Integer and floating-point arithmetic. */
final class ArithmeticForms {
    static final Map<String, Rounding> ROUNDING = Map.of("rtte", Rounding.NEAREST_EVEN, "rtz", Rounding.TOWARD_ZERO, "rtn", Rounding.DOWN,
            "rtp", Rounding.UP);
    private static final Map<String, ProductPart> PARTS = Map.of("lo", ProductPart.LO, "hi", ProductPart.HI, "wide", ProductPart.WIDE);
    private static final String TWO = "a result and two sources (d, a, b)";
    private static final String THREE = "a result and three sources (d, a, b, c)";

    private ArithmeticForms() {}

    static void register(Map<String, Forms.Form> forms) {
        forms.put("add", s -> sum(s, Opcode.ADD));
        forms.put("sub", s -> sum(s, Opcode.SUB));
        forms.put("mul", ArithmeticForms::product);
        forms.put("mad", ArithmeticForms::productSum);
        forms.put("fma", ArithmeticForms::fma);
        forms.put("mul24", s -> product24(s, Opcode.MUL24));
        forms.put("mad24", s -> product24(s, Opcode.MAD24));
        forms.put("div", ArithmeticForms::divide);
        forms.put("rem", s -> plain(s, Opcode.REM, TypeSets.INTEGERS, 2));
        forms.put("sad", s -> plain(s, Opcode.SAD, TypeSets.INTEGERS, 3));
        forms.put("min", s -> extreme(s, Opcode.MIN));
        forms.put("max", s -> extreme(s, Opcode.MAX));
        forms.put("abs", s -> sign(s, Opcode.ABS));
        forms.put("neg", s -> sign(s, Opcode.NEG));
        forms.put("copysign", s -> plain(s, Opcode.COPYSIGN, TypeSets.SINGLE_DOUBLE, 2));
        forms.put("rcp", s -> rounded(s, Opcode.RCP));
        forms.put("sqrt", s -> rounded(s, Opcode.SQRT));
        forms.put("rsqrt", s -> approximate(s, Opcode.RSQRT, TypeSets.SINGLE_DOUBLE));
        forms.put("sin", s -> approximate(s, Opcode.SIN, EnumSet.of(DataType.F32)));
        forms.put("cos", s -> approximate(s, Opcode.COS, EnumSet.of(DataType.F32)));
        forms.put("lg2", s -> approximate(s, Opcode.LG2, EnumSet.of(DataType.F32)));
        forms.put("ex2", s -> approximate(s, Opcode.EX2, TypeSets.union(TypeSets.HALVES, EnumSet.of(DataType.F32))));
        forms.put("tanh", s -> approximate(s, Opcode.TANH, TypeSets.union(TypeSets.HALVES, EnumSet.of(DataType.F32))));
        forms.put("dp4a", s -> dotProduct(s, Opcode.DP4A));
        forms.put("dp2a", s -> dotProduct(s, Opcode.DP2A));
    }

    /** Operands d, a, b, c of one type, as many sources as said. */
    static void operands(Statement s, DataType type, int sources) throws Mistake {
        s.expect(1 + sources, sources == 1 ? "a result and a source (d, a)" : sources == 2 ? TWO : THREE);
        s.result(0, type);
        for (int i = 0; i < sources; i++) {
            s.source(Operand.values()[1 + i], 1 + i, type);
        }
    }

    private static void plain(Statement s, Opcode opcode, Set<DataType> types, int sources) throws Mistake {
        DataType type = s.type(types);
        s.begin(opcode).type(type);
        operands(s, type, sources);
    }

    private static void sum(Statement s, Opcode opcode) throws Mistake {
        Set<DataType> integers = opcode == Opcode.ADD ? TypeSets.union(TypeSets.INTEGERS, TypeSets.PACKED_INTEGERS) : TypeSets.INTEGERS;
        DataType type = s.type(TypeSets.union(integers, TypeSets.FLOATS));
        s.begin(opcode).type(type);
        if (type.isFloat()) {
            floating(s, type, false);
            DataType narrow = mixed(s, type);
            s.expect(3, TWO);
            s.result(0, type);
            s.source(Operand.A, 1, narrow != null ? narrow : type);
            s.source(Operand.B, 2, type);
            return;
        }
        int carry = carry(s, type);
        s.builder().variant(carry).saturate(carry == 0 && type == DataType.S32 && s.modifiers().take("sat"));
        operands(s, type, 2);
    }

    private static int carry(Statement s, DataType type) {
        if (!TypeSets.INTEGERS_32_64.contains(type)) {
            return 0;
        }
        return (s.modifiers().take("ci") ? Instruction.VARIANT_CARRY_IN : 0)
                | (s.modifiers().take("co") ? Instruction.VARIANT_CARRY_OUT : 0);
    }

    /** A second, narrower type: the sources a (and b of fma) are widened. */
    private static @Nullable DataType mixed(Statement s, DataType type) throws Mistake {
        DataType source = type == DataType.F32 ? s.modifiers().takeType() : null;
        if (source != null) {
            s.checked(source, EnumSet.of(DataType.F16, DataType.BF16));
            s.builder().sourceType(source);
        }
        return source;
    }

    /** Rounding, flushing and saturation of a floating-point type. */
    private static void floating(Statement s, DataType type, boolean roundingRequired) throws Mistake {
        Rounding rounding = s.modifiers().takeOne(TypeSets.HALVES.contains(type) ? Map.of("rtte", Rounding.NEAREST_EVEN) : ROUNDING);
        if (rounding == null && roundingRequired) {
            throw s.mistake(s.name() + type.text() + " needs a rounding", "one of .rtte .rtz .rtn .rtp");
        }
        s.builder().rounding(rounding == null ? Rounding.NONE : rounding);
        boolean bfloat = type == DataType.BF16 || type == DataType.BF16X2;
        if (type != DataType.F64 && !bfloat) {
            s.builder().flushToZero(s.modifiers().take("ftz"));
            s.builder().saturate(type != DataType.F32X2 && s.modifiers().take("sat"));
        }
    }

    private static ProductPart part(Statement s, boolean wideAllowed) throws Mistake {
        ProductPart part = s.modifiers().takeOne(PARTS);
        if (part == null || part == ProductPart.WIDE && !wideAllowed) {
            throw s.mistake(s.name() + " of integers needs to know which part of the product",
                    wideAllowed ? "one of .lo .hi .wide" : "one of .lo .hi");
        }
        return part;
    }

    private static DataType widened(DataType type) {
        return switch (type) {
            case U16 -> DataType.U32;
            case S16 -> DataType.S32;
            case U32 -> DataType.U64;
            default -> DataType.S64;
        };
    }

    private static void product(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.union(TypeSets.INTEGERS, TypeSets.FLOATS));
        s.begin(Opcode.MUL).type(type);
        if (type.isFloat()) {
            floating(s, type, false);
            operands(s, type, 2);
            return;
        }
        ProductPart part = part(s, type.bits() <= 32);
        s.builder().variant(part.code());
        s.expect(3, TWO);
        s.result(0, part == ProductPart.WIDE ? widened(type) : type);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, type);
    }

    private static void productSum(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.union(TypeSets.INTEGERS, TypeSets.SINGLE_DOUBLE));
        s.begin(Opcode.MAD).type(type);
        if (type.isFloat()) {
            floating(s, type, type == DataType.F64);
            operands(s, type, 3);
            return;
        }
        ProductPart part = part(s, type.bits() <= 32);
        int carry = part == ProductPart.WIDE ? 0 : carry(s, type);
        s.builder().variant(part.code() | carry);
        s.builder().saturate(part == ProductPart.HI && type == DataType.S32 && carry == 0 && s.modifiers().take("sat"));
        DataType sum = part == ProductPart.WIDE ? widened(type) : type;
        s.expect(4, THREE);
        s.result(0, sum);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, type);
        s.source(Operand.C, 3, sum);
    }

    private static void fma(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.FLOATS);
        s.begin(Opcode.FMA).type(type);
        floating(s, type, true);
        s.builder().variant(TypeSets.HALVES.contains(type) && s.modifiers().take("relu") ? Instruction.VARIANT_RELU : 0);
        DataType narrow = mixed(s, type);
        DataType factor = narrow != null ? narrow : type;
        s.expect(4, THREE);
        s.result(0, type);
        s.source(Operand.A, 1, factor);
        s.source(Operand.B, 2, factor);
        s.source(Operand.C, 3, type);
    }

    private static void product24(Statement s, Opcode opcode) throws Mistake {
        DataType type = s.type(TypeSets.INTEGERS_32);
        ProductPart part = part(s, false);
        s.begin(opcode).type(type).variant(part.code());
        s.builder().saturate(opcode == Opcode.MAD24 && part == ProductPart.HI && type == DataType.S32 && s.modifiers().take("sat"));
        operands(s, type, opcode == Opcode.MAD24 ? 3 : 2);
    }

    private static void divide(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.union(TypeSets.INTEGERS, TypeSets.SINGLE_DOUBLE));
        s.begin(Opcode.DIV).type(type);
        if (type.isFloat()) {
            int variant = type == DataType.F32
                    ? s.modifiers().take("approx")
                            ? Instruction.VARIANT_APPROX
                            : s.modifiers().take("full") ? Instruction.VARIANT_FULL : 0
                    : 0;
            roundingOrApproximation(s, type, variant, "one of .approx .full .rtte .rtz .rtn .rtp");
        }
        operands(s, type, 2);
    }

    /** Either the variant is an approximation, or a rounding must be there. */
    private static void roundingOrApproximation(Statement s, DataType type, int variant, String choices) throws Mistake {
        s.builder().variant(variant);
        if (variant == 0) {
            Rounding rounding = s.modifiers().takeOne(ROUNDING);
            if (rounding == null) {
                throw s.mistake(s.name() + type.text() + " needs a precision",
                        type == DataType.F64 ? "one of .rtte .rtz .rtn .rtp" : choices);
            }
            s.builder().rounding(rounding);
        }
        s.builder().flushToZero((type == DataType.F32 || variant != 0) && s.modifiers().take("ftz"));
    }

    private static void extreme(Statement s, Opcode opcode) throws Mistake {
        DataType type = s.type(TypeSets.union(TypeSets.INTEGERS, TypeSets.PACKED_INTEGERS, TypeSets.FLOATS_WITHOUT_PAIR));
        s.begin(opcode).type(type);
        if (!type.isFloat()) {
            boolean relu = (type == DataType.S32 || type == DataType.S16X2) && s.modifiers().take("relu");
            s.builder().variant(relu ? Instruction.VARIANT_RELU : 0);
            operands(s, type, 2);
            return;
        }
        if (type == DataType.F64) {
            operands(s, type, 2);
            return;
        }
        boolean bfloat = type == DataType.BF16 || type == DataType.BF16X2;
        s.builder().flushToZero(!bfloat && s.modifiers().take("ftz"));
        boolean three = type == DataType.F32 && s.count() == 4;
        int variant = s.modifiers().take("NaN") ? Instruction.VARIANT_NAN : 0;
        if (!three && s.modifiers().take("xorsign")) {
            variant |= Instruction.VARIANT_XORSIGN;
            if (!s.modifiers().take("abs")) {
                throw s.mistake(".xorsign goes with .abs", null);
            }
            variant |= Instruction.VARIANT_ABS;
        } else if (three && s.modifiers().take("abs")) {
            variant |= Instruction.VARIANT_ABS;
        }
        s.builder().variant(variant);
        operands(s, type, three ? 3 : 2);
    }

    private static void sign(Statement s, Opcode opcode) throws Mistake {
        DataType type = s.type(TypeSets.union(TypeSets.SIGNED, TypeSets.FLOATS_WITHOUT_PAIR));
        boolean flushes = type == DataType.F32 || type == DataType.F16 || type == DataType.F16X2;
        s.begin(opcode).type(type).flushToZero(flushes && s.modifiers().take("ftz"));
        operands(s, type, 1);
    }

    private static void rounded(Statement s, Opcode opcode) throws Mistake {
        DataType type = s.type(TypeSets.SINGLE_DOUBLE);
        s.begin(opcode).type(type);
        boolean approximable = type == DataType.F32 || opcode == Opcode.RCP;
        int variant = approximable && s.modifiers().take("approx") ? Instruction.VARIANT_APPROX : 0;
        roundingOrApproximation(s, type, variant, "one of .approx .rtte .rtz .rtn .rtp");
        operands(s, type, 1);
    }

    private static void approximate(Statement s, Opcode opcode, Set<DataType> types) throws Mistake {
        DataType type = s.type(types);
        if (!s.modifiers().take("approx")) {
            throw s.mistake(s.name() + " is an approximation", "write " + s.name() + ".approx" + type.text());
        }
        s.begin(opcode).type(type).variant(Instruction.VARIANT_APPROX);
        boolean flushes = opcode != Opcode.TANH && type != DataType.F16 && type != DataType.F16X2;
        s.builder().flushToZero(flushes && s.modifiers().take("ftz"));
        operands(s, type, 1);
    }

    private static void dotProduct(Statement s, Opcode opcode) throws Mistake {
        boolean high = opcode == Opcode.DP2A && part(s, false) == ProductPart.HI;
        DataType typeA = s.type(TypeSets.INTEGERS_32);
        DataType typeB = s.type(TypeSets.INTEGERS_32);
        s.begin(opcode).type(typeA).sourceType(typeB).variant(high ? Instruction.VARIANT_HIGH : 0);
        operands(s, DataType.B32, 3);
    }
}
