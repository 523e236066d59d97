package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.Opcode;

/** Operations that move bits without looking at them. */
final class MoveOps {
    private static final int LANES = CodeLimits.WARP_SIZE;

    private MoveOps() {}

    /** mov of whole registers. */
    static final class Move extends LaneOp {
        private final int result;
        private final int source;
        private final int length;

        Move(Decoded decoded) throws InvalidCode {
            super(decoded);
            int registers = decoded.type().registers();
            Decoded.require(registers > 0);
            result = decoded.destination(registers);
            source = decoded.source(Operand.A, registers);
            Decoded.require(registers <= 2 || decoded.instruction().kind(Operand.A) == Instruction.KIND_REGISTER);
            length = registers * LANES;
        }

        @Override
        void execute(Warp warp, int active) {
            if (active == -1) {
                System.arraycopy(warp.registers, source, warp.registers, result, length);
            } else {
                System.arraycopy(warp.registers, source, warp.scratch, 0, length);
                warp.commit(result, length / LANES, active);
            }
        }
    }

    /** selp: one of two values, by a predicate. */
    static final class Select extends LaneOp {
        private final int result;
        private final int sourceA;
        private final int sourceB;
        private final int rows;
        private final int predicate;
        private final int inversion;

        Select(Decoded decoded) throws InvalidCode {
            super(decoded);
            rows = decoded.type().registers();
            Decoded.require(rows == 1 || rows == 2);
            result = decoded.destination(rows);
            sourceA = decoded.source(Operand.A, rows);
            sourceB = decoded.source(Operand.B, rows);
            predicate = decoded.sourcePredicate(Operand.S);
            inversion = decoded.instruction().sourcePredicateNegated() ? -1 : 0;
        }

        @Override
        void execute(Warp warp, int active) {
            int chosen = warp.predicates[predicate] ^ inversion;
            int[] out = active == -1 ? warp.registers : warp.scratch;
            int to = active == -1 ? result : 0;
            for (int row = 0; row < rows * LANES; row += LANES) {
                for (int lane = 0; lane < LANES; lane++) {
                    out[to + row + lane] = warp.registers[((chosen >>> lane & 1) != 0 ? sourceA : sourceB) + row + lane];
                }
            }
            if (active != -1) {
                warp.commit(result, rows, active);
            }
        }
    }

    /** mov from a vector: its elements side by side, the first lowest. */
    static final class Pack extends LaneOp {
        private final int result;
        private final int[] sources;
        private final int elementBits;
        private final int registers;

        Pack(Decoded decoded) throws InvalidCode {
            super(decoded);
            DataType type = decoded.type();
            registers = type.registers();
            sources = new int[decoded.instruction().vectorElements()];
            elementBits = elementBits(type, sources.length);
            result = decoded.destination(registers);
            for (int i = 0; i < sources.length; i++) {
                sources[i] = decoded.registerRow(decoded.instruction().element(i), Math.max(1, elementBits / 32));
            }
        }

        @Override
        void execute(Warp warp, int active) {
            for (int rest = active; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                long low = 0;
                long high = 0;
                for (int i = 0; i < sources.length; i++) {
                    long value = elementBits == 64
                            ? warp.wide(sources[i], lane)
                            : Bits.zeroExtend(warp.registers[sources[i] + lane], elementBits);
                    int shift = i * elementBits;
                    low |= shift < 64 ? value << shift : 0;
                    high |= shift >= 64 ? value << shift - 64 : 0;
                }
                write(warp, result, registers, lane, low, high);
            }
        }
    }

    /** mov to a vector. */
    static final class Unpack extends LaneOp {
        private static final int SKIPPED = -1;

        private final int source;
        private final int[] results;
        private final int elementBits;
        private final int registers;

        Unpack(Decoded decoded) throws InvalidCode {
            super(decoded);
            DataType type = decoded.type();
            registers = type.registers();
            results = new int[decoded.instruction().vectorElements()];
            elementBits = elementBits(type, results.length);
            source = decoded.source(Operand.A, registers);
            for (int i = 0; i < results.length; i++) {
                int register = decoded.instruction().element(i);
                results[i] = register == Instruction.NONE ? SKIPPED : decoded.registerRow(register, Math.max(1, elementBits / 32));
            }
        }

        @Override
        void execute(Warp warp, int active) {
            for (int rest = active; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                long low = registers == 1 ? warp.registers[source + lane] & 0xFFFF_FFFFL : warp.wide(source, lane);
                long high = registers == 4 ? warp.wide(source + 2 * LANES, lane) : 0;
                for (int i = 0; i < results.length; i++) {
                    if (results[i] != SKIPPED) {
                        int shift = i * elementBits;
                        long value = Bits.zeroExtend(shift < 64 ? low >>> shift : high >>> shift - 64, elementBits);
                        write(warp, results[i], Math.max(1, elementBits / 32), lane, value, 0);
                    }
                }
            }
        }
    }

    private static int elementBits(DataType type, int elements) throws InvalidCode {
        int bits = type.bits() / elements;
        Decoded.require(elements > 1 && (bits == 8 || bits == 16 || bits == 32 || bits == 64));
        return bits;
    }

    private static void write(Warp warp, int row, int registers, int lane, long low, long high) {
        warp.registers[row + lane] = (int) low;
        if (registers > 1) {
            warp.registers[row + LANES + lane] = (int) (low >>> 32);
        }
        if (registers > 2) {
            warp.registers[row + 2 * LANES + lane] = (int) high;
            warp.registers[row + 3 * LANES + lane] = (int) (high >>> 32);
        }
    }

    /** and, or, xor, not, mov of predicates: all lanes in one operation. */
    static final class PredicateLogic extends LaneOp {
        private final Opcode opcode;
        private final int result;
        private final int a;
        private final int b;

        PredicateLogic(Decoded decoded, Opcode opcode) throws InvalidCode {
            super(decoded);
            this.opcode = opcode;
            result = decoded.resultPredicate(Operand.D);
            a = decoded.sourcePredicate(Operand.A);
            b = opcode == Opcode.NOT || opcode == Opcode.MOV ? a : decoded.sourcePredicate(Operand.B);
        }

        @Override
        void execute(Warp warp, int active) {
            int x = warp.predicates[a];
            int y = warp.predicates[b];
            warp.setPredicate(result, active, switch (opcode) {
                case AND -> x & y;
                case OR -> x | y;
                case XOR -> x ^ y;
                case NOT -> ~x;
                default -> x;
            });
        }
    }
}
