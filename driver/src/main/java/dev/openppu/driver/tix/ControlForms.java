package dev.openppu.driver.tix;

import dev.openppu.abi.code.BarrierOperation;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.MemoryOrder;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.ReduceOperation;
import dev.openppu.abi.code.Scope;
import dev.openppu.abi.code.ShuffleMode;
import dev.openppu.abi.code.VoteMode;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Branches, barriers, fences, and exchange between the lanes of a warp. */
final class ControlForms {
    /** Variant bits of redux besides its operation. */
    private static final int REDUX_NAN = 8;
    private static final int REDUX_ABS = 16;
    private static final int MATCH_ALL = 1;
    private static final int MAX_BARRIER = 15;

    private ControlForms() {}

    static void register(Map<String, Forms.Form> forms) {
        forms.put("bra", ControlForms::branch);
        forms.put("exit", ControlForms::exit);
        forms.put("bar", ControlForms::barrier);
        forms.put("fence", ControlForms::fence);
        forms.put("nanosleep", ControlForms::sleep);
        forms.put("shfl", ControlForms::shuffle);
        forms.put("vote", ControlForms::vote);
        forms.put("match", ControlForms::match);
        forms.put("redux", ControlForms::reduce);
        forms.put("activemask", ControlForms::activeMask);
    }

    private static void branch(Statement s) throws Mistake {
        s.begin(Opcode.BRA);
        s.expect(1, "a label");
        s.jump(s.operand(0));
        s.endsPath();
    }

    private static void exit(Statement s) throws Mistake {
        s.begin(Opcode.EXIT);
        s.expect(0, "no operands");
        s.endsPath();
    }

    private static void barrier(Statement s) throws Mistake {
        if (s.modifiers().take("warp")) {
            sync(s);
            s.begin(Opcode.BAR_WARP);
            s.expect(1, "a member mask");
            s.source(Operand.A, 0, DataType.U32);
            return;
        }
        s.modifiers().take("blk");
        boolean sync = s.modifiers().take("sync");
        boolean arrive = !sync && s.modifiers().take("arrive");
        boolean reduce = !sync && !arrive && s.modifiers().take("red");
        if (!sync && !arrive && !reduce) {
            throw s.mistake("ppu.bar needs to know what to do", "one of .sync .arrive .red");
        }
        BarrierOperation operation = sync ? BarrierOperation.SYNC : arrive ? BarrierOperation.ARRIVE : reduction(s);
        int aligned = s.modifiers().take("aligned") ? Instruction.VARIANT_ALIGNED : 0;
        s.begin(Opcode.BAR);
        int first = reduce ? 1 : 0;
        int operands = s.count() - (reduce ? 2 : 0);
        s.expect(first + (reduce ? 2 : arrive ? 2 : 1), first + (reduce ? 3 : 2),
                reduce
                        ? "a result, a barrier, perhaps a number of threads, and a predicate (d, a{, b}, p)"
                        : arrive ? "a barrier and a number of threads (a, b)" : "a barrier and perhaps a number of threads (a{, b})");
        barrierNumber(s, first);
        boolean counted = operands == 2;
        if (counted) {
            s.source(Operand.B, first + 1, DataType.U32);
        }
        s.builder().variant(operation.code() | aligned | (counted ? Instruction.VARIANT_COUNTED : 0));
        if (reduce) {
            if (operation == BarrierOperation.RED_POPC) {
                s.result(0, DataType.U32);
            } else {
                s.resultPredicate(Operand.P, s.operand(0));
            }
            s.sourcePredicate(s.count() - 1);
        }
    }

    private static BarrierOperation reduction(Statement s) throws Mistake {
        if (s.modifiers().take("popc")) {
            s.type(EnumSet.of(DataType.U32));
            return BarrierOperation.RED_POPC;
        }
        boolean and = s.modifiers().take("and");
        if (!and && !s.modifiers().take("or")) {
            throw s.mistake("ppu.bar.red needs a reduction", "one of .popc.u32 .and.pred .or.pred");
        }
        s.type(EnumSet.of(DataType.PRED));
        return and ? BarrierOperation.RED_AND : BarrierOperation.RED_OR;
    }

    private static void barrierNumber(Statement s, int index) throws Mistake {
        if (s.operand(index) instanceof dev.openppu.driver.tix.Operand.Number number) {
            Literal.asInt(number.literal(), 0, MAX_BARRIER, number.at(), "a barrier");
        }
        s.source(Operand.A, index, DataType.U32);
    }

    private static void fence(Statement s) throws Mistake {
        MemoryOrder order = s.modifiers()
                .takeOne(Map.of("sc", MemoryOrder.SC, "acq_rel", MemoryOrder.ACQ_REL, "acquire", MemoryOrder.ACQUIRE, "release",
                        MemoryOrder.RELEASE));
        Scope scope = s.modifiers().takeConstant(Scope.class, "none");
        s.begin(Opcode.FENCE).order(order == null ? MemoryOrder.ACQ_REL : order).scope(scope == null ? Scope.NONE : scope);
        s.expect(0, "no operands");
    }

    private static void sleep(Statement s) throws Mistake {
        DataType type = s.type(EnumSet.of(DataType.U32));
        s.begin(Opcode.NANOSLEEP).type(type);
        s.expect(1, "a number of nanoseconds (a)");
        s.source(Operand.A, 0, type);
    }

    private static void sync(Statement s) throws Mistake {
        if (!s.modifiers().take("sync")) {
            throw s.mistake(s.name() + " synchronises the lanes of a mask", "write .sync");
        }
    }

    private static void shuffle(Statement s) throws Mistake {
        boolean sync = s.modifiers().take("sync");
        ShuffleMode mode = s.modifiers().takeConstant(ShuffleMode.class);
        if (mode == null) {
            throw s.mistake("ppu.shfl needs a mode", "one of .up .down .bfly .idx");
        }
        DataType type = s.type(TypeSets.BITS_32);
        s.begin(Opcode.SHFL).type(type).variant(mode.code() | (sync ? Instruction.VARIANT_SYNC : 0));
        s.expect(sync ? 5 : 4, sync
                ? "a result, a source, a lane, bounds and a member mask (d, a, b, c, mask)"
                : "a result, a source, a lane and bounds (d, a, b, c)");
        resultPair(s, type);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, DataType.U32);
        s.source(Operand.C, 3, DataType.U32);
        if (sync) {
            s.source(Operand.E, 4, DataType.U32);
        }
    }

    /** {@code d} or {@code d|p}. */
    private static void resultPair(Statement s, DataType type) throws Mistake {
        if (s.operand(0) instanceof dev.openppu.driver.tix.Operand.Pair pair) {
            s.builder().operand(Operand.D, s.resultRegister(pair.first(), type, false));
            s.resultPredicate(Operand.P, pair.second());
        } else {
            s.result(0, type);
        }
    }

    private static void vote(Statement s) throws Mistake {
        sync(s);
        VoteMode mode = s.modifiers().takeConstant(VoteMode.class);
        if (mode == null) {
            throw s.mistake("ppu.vote needs a mode", "one of .all .any .uni .ballot");
        }
        boolean ballot = mode == VoteMode.BALLOT;
        DataType type = s.type(EnumSet.of(ballot ? DataType.B32 : DataType.PRED));
        s.begin(Opcode.VOTE).type(type).variant(mode.code() | Instruction.VARIANT_SYNC);
        s.expect(3, "a result, a predicate and a member mask (d, p, mask)");
        if (ballot) {
            s.result(0, type);
        } else {
            s.resultPredicate(Operand.P, s.operand(0));
        }
        s.sourcePredicate(1);
        s.source(Operand.A, 2, DataType.U32);
    }

    private static void match(Statement s) throws Mistake {
        sync(s);
        boolean all = s.modifiers().take("all");
        if (!all && !s.modifiers().take("any")) {
            throw s.mistake("ppu.match needs a mode", "one of .any .all");
        }
        DataType type = s.type(TypeSets.BITS_32_64);
        s.begin(Opcode.MATCH).type(type).variant((all ? MATCH_ALL : 0) | Instruction.VARIANT_SYNC);
        s.expect(3, "a result, a source and a member mask (d, a, mask)");
        resultPair(s, DataType.B32);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, DataType.U32);
    }

    private static void reduce(Statement s) throws Mistake {
        sync(s);
        ReduceOperation operation = s.modifiers().takeConstant(ReduceOperation.class);
        if (operation == null) {
            throw s.mistake("ppu.redux needs an operation", "one of .add .min .max .and .or .xor");
        }
        DataType type = s.type(types(operation));
        int variant = operation.code();
        if (type == DataType.F32) {
            variant |= s.modifiers().take("abs") ? REDUX_ABS : 0;
            variant |= s.modifiers().take("NaN") ? REDUX_NAN : 0;
        }
        s.begin(Opcode.REDUX).type(type).variant(variant);
        s.expect(3, "a result, a source and a member mask (d, a, mask)");
        s.result(0, type);
        s.source(Operand.A, 1, type);
        s.source(Operand.B, 2, DataType.U32);
    }

    private static Set<DataType> types(ReduceOperation operation) {
        return switch (operation) {
            case ADD -> TypeSets.INTEGERS_32;
            case MIN, MAX -> TypeSets.union(TypeSets.INTEGERS_32, EnumSet.of(DataType.F32));
            case AND, OR, XOR -> TypeSets.BITS_32;
        };
    }

    private static void activeMask(Statement s) throws Mistake {
        DataType type = s.type(TypeSets.BITS_32);
        s.begin(Opcode.ACTIVEMASK).type(type);
        s.expect(1, "a result (d)");
        s.result(0, type);
    }
}
