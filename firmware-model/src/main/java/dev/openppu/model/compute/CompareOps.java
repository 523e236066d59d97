package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.FloatClass;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;

/** cmp, cmpp and testp. */
final class CompareOps {
    private CompareOps() {}

    /** cmpp: the relation to predicate p and its opposite (or, for packed operands, the upper half's relation) to q. */
    static final class ToPredicates extends LaneOp {
        private final Relation relation;
        private final int p;
        private final int q;

        ToPredicates(Decoded decoded) throws InvalidCode {
            super(decoded);
            relation = new Relation(decoded, decoded.type());
            p = decoded.resultPredicate(Operand.P);
            q = decoded.resultPredicate(Operand.Q);
        }

        @Override
        void execute(Warp warp, int active) {
            int holds = relation.holds(warp, active, 0);
            int other = relation.isPacked() ? relation.holds(warp, active, 16) : ~holds;
            int valueP = relation.combine(warp, holds);
            int valueQ = relation.combine(warp, other);
            warp.setPredicate(p, active, valueP);
            warp.setPredicate(q, active, valueQ);
        }
    }

    /** cmp: the relation as a value, all ones or 1.0 where it holds, else 0. */
    static final class ToRegister extends LaneOp {
        private final Relation relation;
        private final int result;
        private final int truth;

        ToRegister(Decoded decoded) throws InvalidCode {
            super(decoded);
            relation = new Relation(decoded, decoded.sourceType());
            DataType type = decoded.type();
            Decoded.require(type.registers() == 1);
            result = decoded.destination(1);
            truth = truth(type);
        }

        private static int truth(DataType type) {
            return switch (type) {
                case F32 -> Float.floatToRawIntBits(1f);
                case F16 -> 0x3C00;
                case BF16 -> 0x3F80;
                case F16X2 -> 0x3C00_3C00;
                case BF16X2 -> 0x3F80_3F80;
                case U16, S16 -> 0xFFFF;
                default -> -1;
            };
        }

        @Override
        void execute(Warp warp, int active) {
            int low = relation.combine(warp, relation.holds(warp, active, 0));
            int high = relation.isPacked() ? relation.combine(warp, relation.holds(warp, active, 16)) : low;
            for (int rest = active; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                int mask = ((low >>> lane & 1) != 0 ? 0xFFFF : 0) | ((high >>> lane & 1) != 0 ? 0xFFFF_0000 : 0);
                warp.registers[result + lane] = truth & mask;
            }
        }
    }

    /** testp: the class of a floating-point value. */
    static final class Test extends LaneOp {
        private final LanePredicate test;
        private final int source;
        private final boolean wide;
        private final int p;

        Test(Decoded decoded) throws InvalidCode {
            super(decoded);
            Instruction instruction = decoded.instruction();
            DataType type = decoded.type();
            test = Comparison.ofClass(Decoded.valid(FloatClass.of(instruction.variant())), FloatKind.of(type));
            wide = type.registers() == 2;
            source = decoded.source(Operand.A, type.registers());
            p = decoded.resultPredicate(Operand.P);
        }

        @Override
        void execute(Warp warp, int active) {
            int holds = 0;
            for (int lane = 0; lane < CodeLimits.WARP_SIZE; lane++) {
                long value = wide ? warp.wide(source, lane) : warp.registers[source + lane] & 0xFFFF_FFFFL;
                holds |= (test.test(value, 0) ? 1 : 0) << lane;
            }
            warp.setPredicate(p, active, holds);
        }
    }
}
