package dev.openppu.driver.tix;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.Rounding;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moves and conversions. */
final class MoveForms {
    private static final Map<String, Rounding> INTEGRAL = Map.of("irtte", Rounding.NEAREST_EVEN, "irtz", Rounding.TOWARD_ZERO, "irtn",
            Rounding.DOWN, "irtp", Rounding.UP);

    private MoveForms() {}

    static void register(Map<String, Forms.Form> forms) {
        forms.put("mov", MoveForms::move);
        forms.put("cvt", MoveForms::convert);
    }

    private static void move(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.MOVED);
        s.expect(2, "a result and a source (d, a)");
        if (s.operand(1) instanceof dev.openppu.driver.tix.Operand.Vector vector) {
            s.begin(Opcode.PACK).type(type);
            s.result(0, type);
            s.builder().elements(elements(s, vector.elements(), type, false));
        } else if (s.operand(0) instanceof dev.openppu.driver.tix.Operand.Vector vector) {
            s.begin(Opcode.UNPACK).type(type);
            s.source(Operand.A, 1, type);
            s.builder().elements(elements(s, vector.elements(), type, true));
        } else {
            s.begin(Opcode.MOV).type(type);
            s.result(0, type);
            if (type == DataType.B128) {
                s.builder().source(Operand.A, Instruction.KIND_REGISTER, s.register(s.operand(1), type, false).number());
            } else {
                s.source(Operand.A, 1, type);
            }
        }
    }

    private static int[] elements(Statement s, List<dev.openppu.driver.tix.Operand> elements, DataType whole, boolean results)
            throws Mistake {
        int count = elements.size();
        DataType element = count == 2 || count == 4 ? element(whole.bits() / count) : null;
        if (element == null || whole == DataType.PRED) {
            throw s.mistake(whole.text() + " does not divide into " + count + " registers", "2 or 4 of 8 to 64 bits");
        }
        int[] registers = new int[count];
        for (int i = 0; i < count; i++) {
            registers[i] = results
                    ? s.resultRegister(elements.get(i), element, false)
                    : s.register(elements.get(i), element, false).number();
        }
        return registers;
    }

    private static @Nullable DataType element(int bits) {
        return switch (bits) {
            case 8 -> DataType.B8;
            case 16 -> DataType.B16;
            case 32 -> DataType.B32;
            case 64 -> DataType.B64;
            default -> null;
        };
    }

    private static void convert(Statement s) throws Mistake {
        if (s.modifiers().take("pack")) {
            pack(s);
            return;
        }
        DataType to = s.type(TypeSets.union(TypeSets.CONVERTED, EnumSet.of(DataType.F16X2, DataType.BF16X2)));
        DataType from = s.type(TypeSets.CONVERTED);
        s.begin(Opcode.CVT).type(to).sourceType(from);
        boolean pair = to == DataType.F16X2 || to == DataType.BF16X2;
        if (pair) {
            s.checked(from, EnumSet.of(DataType.F32));
        }
        rounding(s, to, from);
        s.builder().flushToZero((to == DataType.F32 || from == DataType.F32) && s.modifiers().take("ftz"));
        s.builder().saturate(!pair && s.modifiers().take("sat"));
        s.expect(pair ? 3 : 2, pair ? "a result and two sources (d, a, b)" : "a result and a source (d, a)");
        boolean exactWidth = pair || to == DataType.BF16;
        int register = s.resultRegister(s.operand(0), to, !exactWidth);
        int width = register == Instruction.NONE ? to.registers() : s.register(s.operand(0), to, !exactWidth).type().registers();
        s.builder().operand(Operand.D, register).resultRegisters(width);
        s.source(Operand.A, s.operand(1), from, from != DataType.BF16);
        if (pair) {
            s.source(Operand.B, 2, from);
        }
    }

    private static void rounding(Statement s, DataType to, DataType from) throws Mistake {
        boolean floats = to.isFloat() && from.isFloat();
        Rounding integral = from.isFloat() && (!to.isFloat() || to == from) ? s.modifiers().takeOne(INTEGRAL) : null;
        boolean half = TypeSets.HALVES.contains(to);
        int variant = (integral != null && floats ? Instruction.VARIANT_INTEGRAL : 0)
                | (half && floats && s.modifiers().take("relu") ? Instruction.VARIANT_RELU : 0)
                | (half && floats && s.modifiers().take("satfinite") ? Instruction.VARIANT_SATFINITE : 0);
        s.builder().variant(variant);
        if (integral != null) {
            s.builder().rounding(integral);
            return;
        }
        if (from.isFloat() && !to.isFloat()) {
            throw s.mistake("ppu.cvt from " + from.text() + " to " + to.text() + " needs an integer rounding",
                    "one of .irtte .irtz .irtn .irtp");
        }
        // Widening conversions are exact; where others write a rounding for them it is accepted.
        Rounding rounding = to.isFloat() ? s.modifiers().takeOne(ArithmeticForms.ROUNDING) : null;
        boolean loses = to.isFloat() && (!from.isFloat() || to.bits() < from.bits() || to.bits() == from.bits() && to != from);
        if (rounding == null && loses) {
            throw s.mistake("ppu.cvt from " + from.text() + " to " + to.text() + " needs a rounding", "one of .rtte .rtz .rtn .rtp");
        }
        s.builder().rounding(rounding == null ? Rounding.NONE : rounding);
    }

    private static void pack(Statement s) throws Mistake {
        if (!s.modifiers().take("sat")) {
            throw s.mistake("ppu.cvt.pack saturates", "write ppu.cvt.pack.sat");
        }
        DataType type = s.type(EnumSet.of(DataType.U8, DataType.S8, DataType.U16, DataType.S16));
        s.type(EnumSet.of(DataType.S32));
        s.begin(Opcode.CVT_PACK).type(type);
        boolean bytes = type.bits() == 8;
        if (bytes) {
            s.type(EnumSet.of(DataType.B32));
        }
        s.expect(bytes ? 4 : 3, bytes ? "a result and three sources (d, a, b, c)" : "a result and two sources (d, a, b)");
        s.result(0, DataType.B32);
        s.source(Operand.A, 1, DataType.S32);
        s.source(Operand.B, 2, DataType.S32);
        if (bytes) {
            s.source(Operand.C, 3, DataType.B32);
        } else {
            s.immediate(Operand.C, 0, DataType.B32);
        }
    }
}
