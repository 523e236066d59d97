package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.ReduceOperation;
import dev.openppu.abi.code.ShuffleMode;
import dev.openppu.abi.code.VoteMode;
import org.jspecify.annotations.Nullable;

/** Exchange between the lanes of a warp. */
final class WarpOps {
    private static final int LANES = CodeLimits.WARP_SIZE;

    private WarpOps() {}

    private static @Nullable Operand memberMask(Decoded decoded, Operand operand) {
        return decoded.instruction().hasVariant(Instruction.VARIANT_SYNC) ? operand : null;
    }

    /** bar.warp.sync: only meeting. */
    static final class Meet extends WarpSyncOp {
        Meet(Decoded decoded) throws InvalidCode {
            super(decoded, Operand.A);
        }

        @Override
        void perform(Warp warp, int lanes) {
            // Lanes of a warp see each other's stores at once.
        }
    }

    /** shfl: every lane reads a register of another one. */
    static final class Shuffle extends WarpSyncOp {
        private final ShuffleMode mode;
        private final int result;
        private final int value;
        private final int index;
        private final int bounds;
        private final int p;

        Shuffle(Decoded decoded) throws InvalidCode {
            super(decoded, memberMask(decoded, Operand.E));
            mode = Decoded.valid(ShuffleMode.of(decoded.instruction().variant() & 3));
            result = decoded.destination(1);
            value = decoded.source(Operand.A, 1);
            index = decoded.source(Operand.B, 1);
            bounds = decoded.source(Operand.C, 1);
            p = decoded.resultPredicate(Operand.P);
        }

        @Override
        void perform(Warp warp, int lanes) {
            int[] registers = warp.registers;
            int valid = 0;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                int segments = registers[bounds + lane] >>> 8 & 31;
                int lower = lane & segments;
                int upper = lower | registers[bounds + lane] & 31 & ~segments;
                int from = source(lane, registers[index + lane] & 31, lower, segments);
                boolean inRange = mode == ShuffleMode.UP ? from >= lower : from <= upper;
                valid |= (inRange ? 1 : 0) << lane;
                warp.scratch[lane] = registers[value + (inRange ? from : lane)];
            }
            warp.commit(result, 1, lanes);
            warp.setPredicate(p, lanes, valid);
        }

        private int source(int lane, int offset, int lower, int segments) {
            return switch (mode) {
                case UP -> lane - offset;
                case DOWN -> lane + offset;
                case BFLY -> lane ^ offset;
                case IDX -> lower | offset & ~segments;
            };
        }
    }

    /** vote: a predicate of all lanes, for all lanes. */
    static final class Vote extends WarpSyncOp {
        private final VoteMode mode;
        private final int vote;
        private final int inversion;
        private final int result;
        private final int p;

        Vote(Decoded decoded) throws InvalidCode {
            super(decoded, Operand.A);
            mode = Decoded.valid(VoteMode.of(decoded.instruction().variant() & 3));
            vote = decoded.sourcePredicate(Operand.S);
            inversion = decoded.instruction().sourcePredicateNegated() ? -1 : 0;
            result = mode == VoteMode.BALLOT ? decoded.destination(1) : 0;
            p = mode == VoteMode.BALLOT ? Warp.SINK_PREDICATE : decoded.resultPredicate(Operand.P);
        }

        @Override
        void perform(Warp warp, int lanes) {
            int ballot = (warp.predicates[vote] ^ inversion) & lanes;
            switch (mode) {
                case ALL -> warp.setPredicate(p, lanes, ballot == lanes ? -1 : 0);
                case ANY -> warp.setPredicate(p, lanes, ballot != 0 ? -1 : 0);
                case UNI -> warp.setPredicate(p, lanes, ballot == 0 || ballot == lanes ? -1 : 0);
                case BALLOT -> broadcast(warp, result, lanes, ballot);
            }
        }
    }

    /** match: which lanes have the same value. */
    static final class Match extends WarpSyncOp {
        private final boolean all;
        private final boolean wide;
        private final int result;
        private final int value;
        private final int p;

        Match(Decoded decoded) throws InvalidCode {
            super(decoded, Operand.B);
            all = decoded.instruction().hasVariant(1);
            wide = decoded.type().registers() == 2;
            result = decoded.destination(1);
            value = decoded.source(Operand.A, wide ? 2 : 1);
            p = decoded.resultPredicate(Operand.P);
        }

        @Override
        void perform(Warp warp, int lanes) {
            int agreeing = 0;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                int same = same(warp, lanes, lane);
                agreeing |= (same == lanes ? 1 : 0) << lane;
                warp.scratch[lane] = all && same != lanes ? 0 : same;
            }
            warp.commit(result, 1, lanes);
            warp.setPredicate(p, lanes, agreeing);
        }

        private int same(Warp warp, int lanes, int lane) {
            int same = 0;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int other = Integer.numberOfTrailingZeros(rest);
                boolean low = warp.registers[value + other] == warp.registers[value + lane];
                boolean high = !wide || warp.registers[value + LANES + other] == warp.registers[value + LANES + lane];
                same |= (low && high ? 1 : 0) << other;
            }
            return same;
        }
    }

    /** redux: a reduction over lanes, for all of them. */
    static final class Reduce extends WarpSyncOp {
        private final LaneFunction operation;
        private final boolean floating;
        private final int result;
        private final int value;

        Reduce(Decoded decoded) throws InvalidCode {
            super(decoded, Operand.B);
            DataType type = decoded.type();
            Decoded.require(type.bits() == 32);
            floating = type == DataType.F32;
            operation = operation(decoded, Decoded.valid(ReduceOperation.of(decoded.instruction().variant() & 7)), type);
            result = decoded.destination(1);
            value = decoded.source(Operand.A, 1);
        }

        private static LaneFunction operation(Decoded decoded, ReduceOperation operation, DataType type) throws InvalidCode {
            boolean nan = decoded.instruction().hasVariant(8);
            boolean abs = decoded.instruction().hasVariant(16);
            return switch (operation) {
                case ADD -> (a, b, c, e) -> a + b;
                case AND -> (a, b, c, e) -> a & b;
                case OR -> (a, b, c, e) -> a | b;
                case XOR -> (a, b, c, e) -> a ^ b;
                case MIN, MAX -> {
                    boolean min = operation == ReduceOperation.MIN;
                    yield type == DataType.F32
                            ? (a, b, c, e) -> SignFunctions.choose(magnitude(a, abs), magnitude(b, abs), min, nan, FloatKind.F32)
                            : (a, b, c, e) -> Bits.compare(a, b, type) < 0 == min ? a : b;
                }
            };
        }

        private static long magnitude(long bits, boolean abs) {
            return abs ? bits & 0x7FFF_FFFF : bits;
        }

        @Override
        void perform(Warp warp, int lanes) {
            long total = warp.registers[value + Integer.numberOfTrailingZeros(lanes)] & 0xFFFF_FFFFL;
            // A single float is combined with itself, so that its sign and NaN are treated like any other's.
            int rest = floating ? lanes : lanes & lanes - 1;
            try {
                for (; rest != 0; rest &= rest - 1) {
                    total = operation.apply(total, warp.registers[value + Integer.numberOfTrailingZeros(rest)] & 0xFFFF_FFFFL, 0, 0)
                            & 0xFFFF_FFFFL;
                }
            } catch (DeviceTrap trap) {
                throw new AssertionError("a reduction does not divide", trap);
            }
            broadcast(warp, result, lanes, (int) total);
        }
    }

    /** activemask: the lanes that execute this instruction together. */
    static final class ActiveMask extends LaneOp {
        private final int result;

        ActiveMask(Decoded decoded) throws InvalidCode {
            super(decoded);
            result = decoded.destination(1);
        }

        @Override
        void execute(Warp warp, int active) {
            broadcast(warp, result, active, active);
        }
    }

    private static void broadcast(Warp warp, int row, int lanes, int value) {
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            warp.registers[row + Integer.numberOfTrailingZeros(rest)] = value;
        }
    }
}
