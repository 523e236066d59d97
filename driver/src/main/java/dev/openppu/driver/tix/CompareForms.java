package dev.openppu.driver.tix;

import dev.openppu.abi.code.BooleanOperation;
import dev.openppu.abi.code.CompareOperation;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.FloatClass;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.Opcode;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Comparisons, tests and selections. */
final class CompareForms {
    private static final Set<DataType> TRUTHS = EnumSet.of(DataType.U32, DataType.S32, DataType.F32, DataType.U16, DataType.S16,
            DataType.F16, DataType.BF16,
            DataType.F16X2, DataType.BF16X2);

    private CompareForms() {}

    static void register(Map<String, Forms.Form> forms) {
        forms.put("cmp", CompareForms::toRegister);
        forms.put("cmpp", CompareForms::toPredicates);
        forms.put("testp", CompareForms::test);
        forms.put("selp", CompareForms::select);
        forms.put("slct", CompareForms::selectBySign);
    }

    private static void relation(Statement s, Opcode opcode) throws Mistake {
        CompareOperation operation = s.modifiers().takeConstant(CompareOperation.class);
        if (operation == null) {
            throw s.mistake(s.name() + " needs a relation", "one of .eq .ne .lt .le .gt .ge, for floats also .equ … .geu .num .nan");
        }
        s.begin(opcode).variant(operation.code()).booleanOperation(BitForms.combination(s)).flushToZero(s.modifiers().take("ftz"));
    }

    /** Operands a, b and, with a combination, the predicate c. */
    private static void sources(Statement s, DataType type, boolean combined) throws Mistake {
        s.expect(combined ? 4 : 3, combined ? "a result, two sources and a predicate (d, a, b, c)" : "a result and two sources (d, a, b)");
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, type);
        if (combined) {
            s.sourcePredicate(3);
        }
    }

    private static void check(Statement s, DataType type) throws Mistake {
        CompareOperation operation = CompareOperation.of(s.builder().build().variant());
        boolean equality = operation == CompareOperation.EQ || operation == CompareOperation.NE;
        boolean unsigned = operation == CompareOperation.LO || operation == CompareOperation.LS || operation == CompareOperation.HI
                || operation == CompareOperation.HS;
        boolean unordered = operation != null && operation.code() >= CompareOperation.EQU.code();
        boolean fits = switch (type.kind()) {
            case BITS -> equality;
            case FLOAT, PACKED_FLOAT -> !unsigned;
            default -> !unordered;
        };
        if (!fits) {
            throw s.mistake("this relation is not defined for " + type.text(),
                    type.kind() == DataType.Kind.BITS ? "only .eq and .ne are; name a .u or .s type" : null);
        }
    }

    private static void toPredicates(Statement s) throws Mistake {
        relation(s, Opcode.CMPP);
        DataType type = s.type(TypeSets.COMPARED);
        check(s, type);
        boolean combined = s.builder().type(type).build().booleanOperation() != BooleanOperation.NONE;
        sources(s, type, combined);
        if (s.operand(0) instanceof dev.openppu.driver.tix.Operand.Pair pair) {
            s.resultPredicate(Operand.P, pair.first());
            s.resultPredicate(Operand.Q, pair.second());
        } else {
            s.resultPredicate(Operand.P, s.operand(0));
        }
    }

    private static void toRegister(Statement s) throws Mistake {
        relation(s, Opcode.CMP);
        DataType type = s.type(TRUTHS);
        DataType compared = s.type(TypeSets.COMPARED);
        check(s, compared);
        boolean combined = s.builder().type(type).sourceType(compared).build().booleanOperation() != BooleanOperation.NONE;
        sources(s, compared, combined);
        s.result(0, type);
    }

    private static void test(Statement s) throws Mistake {
        FloatClass floatClass = s.modifiers().takeConstant(FloatClass.class);
        if (floatClass == null) {
            throw s.mistake("ppu.testp needs a class", "one of .finite .infinite .number .notanumber .normal .subnormal");
        }
        DataType type = s.type(TypeSets.SINGLE_DOUBLE);
        s.begin(Opcode.TESTP).type(type).variant(floatClass.code());
        s.expect(2, "a predicate and a source (p, a)");
        s.resultPredicate(Operand.P, s.operand(0));
        s.source(Operand.A, 1, type);
    }

    private static void select(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.VALUES);
        s.begin(Opcode.SELP).type(type);
        s.expect(4, "a result, two sources and a predicate (d, a, b, c)");
        s.result(0, type);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, type);
        s.sourcePredicate(3);
    }

    private static void selectBySign(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.VALUES);
        DataType selector = s.type(EnumSet.of(DataType.S32, DataType.F32));
        s.begin(Opcode.SLCT).type(type).sourceType(selector).flushToZero(selector == DataType.F32 && s.modifiers().take("ftz"));
        s.expect(4, "a result, two sources and a selector (d, a, b, c)");
        s.result(0, type);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, type);
        s.source(Operand.C, 3, selector);
    }
}
