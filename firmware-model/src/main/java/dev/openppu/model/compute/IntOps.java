package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.ProductPart;
import org.jspecify.annotations.Nullable;

/** Fast paths of 32-bit integer arithmetic and logic. */
final class IntOps {
    private IntOps() {}

    /** The fast path of an instruction, or null when it has none. */
    static @Nullable LaneOp of(Decoded decoded, Opcode opcode, DataType type) throws InvalidCode {
        Instruction instruction = decoded.instruction();
        if (type.bits() != 32 || type.isFloat() || type.kind() == DataType.Kind.PACKED_INTEGER || instruction.saturate()) {
            return null;
        }
        return switch (opcode) {
            case ADD, SUB -> new Arithmetic(decoded, opcode, 0);
            case MUL -> IntegerFunctions.part(instruction) == ProductPart.LO ? new Arithmetic(decoded, opcode, 0) : null;
            case MAD -> IntegerFunctions.part(instruction) == ProductPart.LO ? new Arithmetic(decoded, opcode, 1) : null;
            case MIN, MAX ->
                type.isSigned() && !instruction.hasVariant(Instruction.VARIANT_RELU) ? new Arithmetic(decoded, opcode, 0) : null;
            case AND, OR, XOR -> new Logic(decoded, opcode, false);
            case SHL, SHR -> new Logic(decoded, opcode, type.isSigned());
            default -> null;
        };
    }

    private static final class Arithmetic extends RowOp {
        private final Opcode opcode;

        Arithmetic(Decoded decoded, Opcode opcode, int rowsC) throws InvalidCode {
            super(decoded, 1, 1, 1, rowsC);
            this.opcode = opcode;
        }

        @Override
        void compute(int[] r, int[] out, int d) {
            switch (opcode) {
                case ADD -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = r[a + lane] + r[b + lane];
                    }
                }
                case SUB -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = r[a + lane] - r[b + lane];
                    }
                }
                case MUL -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = r[a + lane] * r[b + lane];
                    }
                }
                case MIN -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = Math.min(r[a + lane], r[b + lane]);
                    }
                }
                case MAX -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = Math.max(r[a + lane], r[b + lane]);
                    }
                }
                default -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = r[a + lane] * r[b + lane] + r[c + lane];
                    }
                }
            }
        }
    }

    private static final class Logic extends RowOp {
        private final Opcode opcode;
        private final boolean signed;

        Logic(Decoded decoded, Opcode opcode, boolean signed) throws InvalidCode {
            super(decoded, 1, 1, 1, 0);
            this.opcode = opcode;
            this.signed = signed;
        }

        @Override
        void compute(int[] r, int[] out, int d) {
            switch (opcode) {
                case AND -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = r[a + lane] & r[b + lane];
                    }
                }
                case OR -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = r[a + lane] | r[b + lane];
                    }
                }
                case XOR -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = r[a + lane] ^ r[b + lane];
                    }
                }
                case SHL -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        int amount = r[b + lane];
                        out[d + lane] = (amount & ~31) != 0 ? 0 : r[a + lane] << amount;
                    }
                }
                default -> shiftRight(r, out, d);
            }
        }

        private void shiftRight(int[] r, int[] out, int d) {
            for (int lane = 0; lane < LANES; lane++) {
                int amount = r[b + lane];
                boolean beyond = (amount & ~31) != 0;
                out[d + lane] = signed ? r[a + lane] >> (beyond ? 31 : amount) : beyond ? 0 : r[a + lane] >>> amount;
            }
        }
    }
}
