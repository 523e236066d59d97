package dev.openppu.model.compute;

import dev.openppu.abi.code.BooleanOperation;
import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.CompareOperation;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;

/** The comparison of cmp and cmpp: which lanes it holds in, combined with a source predicate. */
final class Relation {
    private static final int LANES = CodeLimits.WARP_SIZE;

    /** Common comparisons that have loops of their own. */
    private enum Fast {
        NONE, SIGNED, UNSIGNED, FLOAT
    }

    private final CompareOperation operation;
    private final LanePredicate predicate;
    private final Fast fast;
    private final boolean wide;
    private final boolean packed;
    private final int rowA;
    private final int rowB;
    private final BooleanOperation combine;
    private final int sourcePredicate;
    private final int sourceInversion;

    Relation(Decoded decoded, DataType type) throws InvalidCode {
        Instruction instruction = decoded.instruction();
        operation = Decoded.valid(CompareOperation.of(instruction.variant()));
        predicate = Comparison.of(operation, type, instruction.flushToZero());
        wide = type.registers() == 2;
        packed = type == DataType.F16X2 || type == DataType.BF16X2;
        rowA = decoded.source(Operand.A, type.registers());
        rowB = decoded.source(Operand.B, type.registers());
        combine = Decoded.valid(instruction.booleanOperation());
        sourcePredicate = combine == BooleanOperation.NONE ? Instruction.TRUE_PREDICATE : decoded.sourcePredicate(Operand.S);
        sourceInversion = instruction.sourcePredicateNegated() ? -1 : 0;
        fast = fast(type, instruction);
    }

    private static Fast fast(DataType type, Instruction instruction) {
        return switch (type) {
            case S32, B32 -> Fast.SIGNED;
            case U32 -> Fast.UNSIGNED;
            case F32 -> instruction.flushToZero() ? Fast.NONE : Fast.FLOAT;
            default -> Fast.NONE;
        };
    }

    boolean isPacked() {
        return packed;
    }

    /** The comparison with the source predicate. */
    int combine(Warp warp, int holds) {
        int source = warp.predicates[sourcePredicate] ^ sourceInversion;
        return switch (combine) {
            case NONE -> holds;
            case AND -> holds & source;
            case OR -> holds | source;
            case XOR -> holds ^ source;
        };
    }

    /**
     * Bit per lane in which the relation holds; what it says of lanes that are not active means nothing.
     *
     * @param shift where the compared halves of packed operands are, else 0
     */
    int holds(Warp warp, int active, int shift) {
        int[] registers = warp.registers;
        return switch (fast) {
            case SIGNED -> signed(registers);
            case UNSIGNED -> unsigned(registers);
            case FLOAT -> floats(registers);
            case NONE -> any(warp, active, shift);
        };
    }

    private int any(Warp warp, int active, int shift) {
        int holds = 0;
        for (int rest = active; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            long a = wide ? warp.wide(rowA, lane) : warp.registers[rowA + lane] & 0xFFFF_FFFFL;
            long b = wide ? warp.wide(rowB, lane) : warp.registers[rowB + lane] & 0xFFFF_FFFFL;
            if (packed ? predicate.test(a >>> shift & 0xFFFF, b >>> shift & 0xFFFF) : predicate.test(a, b)) {
                holds |= 1 << lane;
            }
        }
        return holds;
    }

    private int signed(int[] registers) {
        int less = 0;
        int equal = 0;
        for (int lane = 0; lane < LANES; lane++) {
            int a = registers[rowA + lane];
            int b = registers[rowB + lane];
            less |= (a < b ? 1 : 0) << lane;
            equal |= (a == b ? 1 : 0) << lane;
        }
        return switch (operation) {
            case LO, LS, HI, HS -> unsigned(registers);
            default -> fromOrder(less, equal);
        };
    }

    private int unsigned(int[] registers) {
        int less = 0;
        int equal = 0;
        for (int lane = 0; lane < LANES; lane++) {
            int a = registers[rowA + lane];
            int b = registers[rowB + lane];
            less |= (a + Integer.MIN_VALUE < b + Integer.MIN_VALUE ? 1 : 0) << lane;
            equal |= (a == b ? 1 : 0) << lane;
        }
        return fromOrder(less, equal);
    }

    private int fromOrder(int less, int equal) {
        return switch (operation) {
            case EQ -> equal;
            case NE -> ~equal;
            case LT, LO -> less;
            case LE, LS -> less | equal;
            case GT, HI -> ~(less | equal);
            default -> ~less;
        };
    }

    private int floats(int[] registers) {
        int less = 0;
        int equal = 0;
        int greater = 0;
        for (int lane = 0; lane < LANES; lane++) {
            float a = Float.intBitsToFloat(registers[rowA + lane]);
            float b = Float.intBitsToFloat(registers[rowB + lane]);
            less |= (a < b ? 1 : 0) << lane;
            equal |= (a == b ? 1 : 0) << lane;
            greater |= (a > b ? 1 : 0) << lane;
        }
        int ordered = less | equal | greater;
        return switch (operation) {
            case EQ -> equal;
            case NE -> less | greater;
            case LT -> less;
            case LE -> less | equal;
            case GT -> greater;
            case GE -> greater | equal;
            case EQU -> ~(less | greater);
            case NEU -> ~equal;
            case LTU -> ~(greater | equal);
            case LEU -> ~greater;
            case GTU -> ~(less | equal);
            case GEU -> ~less;
            case NUM -> ordered;
            default -> ~ordered;
        };
    }
}
