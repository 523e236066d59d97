package dev.openppu.driver.tix;

import dev.openppu.abi.code.BooleanOperation;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.PermuteMode;
import java.util.Map;
import java.util.Set;

/** Logic, shifts, and operations on single bits and bytes. */
final class BitForms {
    private BitForms() {}

    static void register(Map<String, Forms.Form> forms) {
        forms.put("and", s -> logic(s, Opcode.AND, 2));
        forms.put("or", s -> logic(s, Opcode.OR, 2));
        forms.put("xor", s -> logic(s, Opcode.XOR, 2));
        forms.put("not", s -> logic(s, Opcode.NOT, 1));
        forms.put("cnot", s -> same(s, Opcode.CNOT, TypeSets.BITS, 1));
        forms.put("brev", s -> same(s, Opcode.BREV, TypeSets.BITS_32_64, 1));
        forms.put("fns", s -> same(s, Opcode.FNS, TypeSets.BITS_32, 3));
        forms.put("shl", s -> shift(s, Opcode.SHL, TypeSets.BITS));
        forms.put("shr", s -> shift(s, Opcode.SHR, TypeSets.SHIFT_RIGHT));
        forms.put("shf", BitForms::funnelShift);
        forms.put("popc", s -> count(s, Opcode.POPC, TypeSets.BITS_32_64, 0));
        forms.put("clz", s -> count(s, Opcode.CLZ, TypeSets.BITS_32_64, 0));
        forms.put("bfind", s -> count(s, Opcode.BFIND, TypeSets.INTEGERS_32_64,
                s.modifiers().take("shiftamt") ? Instruction.VARIANT_SHIFT_AMOUNT : 0));
        forms.put("bfe", BitForms::extract);
        forms.put("bfi", BitForms::insert);
        forms.put("bmsk", s -> clamped(s, Opcode.BMSK, TypeSets.BITS_32));
        forms.put("szext", s -> clamped(s, Opcode.SZEXT, TypeSets.INTEGERS_32));
        forms.put("lop3", BitForms::lookUp);
        forms.put("prmt", BitForms::permute);
    }

    private static void same(Statement s, Opcode opcode, Set<DataType> types, int sources) throws Mistake {
        DataType type = s.type(types);
        s.begin(opcode).type(type);
        ArithmeticForms.operands(s, type, sources);
    }

    private static void logic(Statement s, Opcode opcode, int sources) throws Mistake {
        DataType type = s.type(TypeSets.LOGIC);
        s.begin(opcode).type(type);
        ArithmeticForms.operands(s, type, sources);
    }

    private static void shift(Statement s, Opcode opcode, Set<DataType> types) throws Mistake {
        DataType type = s.type(types);
        s.begin(opcode).type(type);
        s.expect(3, "a result, a source and an amount (d, a, b)");
        s.result(0, type);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, DataType.U32);
    }

    /** .clamp or .wrap, one of which must be there. */
    private static int wrap(Statement s) throws Mistake {
        boolean clamp = s.modifiers().take("clamp");
        boolean wrap = !clamp && s.modifiers().take("wrap");
        if (!clamp && !wrap) {
            throw s.mistake(s.name() + " needs to know what to do with large amounts", "one of .clamp .wrap");
        }
        return wrap ? Instruction.VARIANT_WRAP : 0;
    }

    private static void funnelShift(Statement s) throws Mistake {
        boolean left = s.modifiers().take("l");
        boolean right = !left && s.modifiers().take("r");
        if (!left && !right) {
            throw s.mistake("ppu.shf needs a direction", "one of .l .r");
        }
        int wrap = wrap(s);
        DataType type = s.type(TypeSets.BITS_32);
        s.begin(Opcode.SHF).type(type).variant(wrap | (right ? Instruction.VARIANT_RIGHT : 0));
        ArithmeticForms.operands(s, type, 3);
    }

    private static void count(Statement s, Opcode opcode, Set<DataType> types, int variant) throws Mistake {
        DataType type = s.type(types);
        s.begin(opcode).type(type).variant(variant);
        s.expect(2, "a result and a source (d, a)");
        s.result(0, DataType.U32);
        s.source(Operand.A, 1, type);
    }

    private static void extract(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.INTEGERS_32_64);
        s.begin(Opcode.BFE).type(type);
        s.expect(4, "a result, a source, a position and a length (d, a, b, c)");
        s.result(0, type);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, DataType.U32);
        s.source(Operand.C, 3, DataType.U32);
    }

    private static void insert(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.BITS_32_64);
        s.begin(Opcode.BFI).type(type);
        s.expect(5, "a result, a field, a base, a position and a length (f, a, b, c, d)");
        s.result(0, type);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, type);
        s.source(Operand.C, 3, DataType.U32);
        s.source(Operand.E, 4, DataType.U32);
    }

    private static void clamped(Statement s, Opcode opcode, Set<DataType> types) throws Mistake {
        int wrap = wrap(s);
        DataType type = s.type(types);
        s.begin(opcode).type(type).variant(wrap);
        s.expect(3, "a result and two sources (d, a, b)");
        s.result(0, type);
        s.source(Operand.A, 1, DataType.U32);
        s.source(Operand.B, 2, DataType.U32);
    }

    private static void lookUp(Statement s) throws Mistake {
        if (s.modifiers().take("and") || s.modifiers().take("or")) {
            throw s.mistake("ppu.lop3 with a predicate is not supported", "use ppu.lop3.b32 and ppu.cmpp.ne.b32");
        }
        DataType type = s.type(TypeSets.BITS_32);
        s.begin(Opcode.LOP3).type(type);
        s.expect(5, "a result, three sources and a table (d, a, b, c, table)");
        s.result(0, type);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, type);
        s.source(Operand.C, 3, type);
        if (!(s.operand(4) instanceof dev.openppu.driver.tix.Operand.Number table)) {
            throw new Mistake(s.operand(4).at(), "the table of ppu.lop3 is a number from 0 to 255");
        }
        s.immediate(Operand.E, Literal.asInt(table.literal(), 0, 255, table.at(), "the table"), DataType.U32);
    }

    private static void permute(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.BITS_32);
        PermuteMode mode = s.modifiers().takeConstant(PermuteMode.class, "none");
        s.begin(Opcode.PRMT).type(type).variant(mode == null ? 0 : mode.code());
        ArithmeticForms.operands(s, type, 3);
    }

    /** For and, or, xor between a comparison and a predicate. */
    static BooleanOperation combination(Statement s) {
        BooleanOperation operation = s.modifiers().takeConstant(BooleanOperation.class, "none");
        return operation == null ? BooleanOperation.NONE : operation;
    }
}
