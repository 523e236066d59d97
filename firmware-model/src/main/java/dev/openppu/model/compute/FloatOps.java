package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.Rounding;
import org.jspecify.annotations.Nullable;

/** Fast paths of single-precision arithmetic, rounded to nearest. */
final class FloatOps {
    private FloatOps() {}

    /** The fast path of an instruction, or null when it has none. */
    static @Nullable LaneOp of(Decoded decoded, Opcode opcode, DataType type) throws InvalidCode {
        Instruction instruction = decoded.instruction();
        Rounding rounding = instruction.rounding();
        boolean nearest = rounding == Rounding.NONE || rounding == Rounding.NEAREST_EVEN;
        if (type != DataType.F32 || !nearest || instruction.flushToZero() || instruction.saturate() || instruction.sourceType() != null) {
            return null;
        }
        return switch (opcode) {
            case ADD, SUB, MUL -> new Single(decoded, opcode, 0);
            case FMA, MAD -> new Single(decoded, opcode, 1);
            default -> null;
        };
    }

    private static final class Single extends RowOp {
        private final Opcode opcode;

        Single(Decoded decoded, Opcode opcode, int rowsC) throws InvalidCode {
            super(decoded, 1, 1, 1, rowsC);
            this.opcode = opcode;
        }

        @Override
        void compute(int[] r, int[] out, int d) {
            switch (opcode) {
                case ADD -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = bits(Float.intBitsToFloat(r[a + lane]) + Float.intBitsToFloat(r[b + lane]));
                    }
                }
                case SUB -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = bits(Float.intBitsToFloat(r[a + lane]) - Float.intBitsToFloat(r[b + lane]));
                    }
                }
                case MUL -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = bits(Float.intBitsToFloat(r[a + lane]) * Float.intBitsToFloat(r[b + lane]));
                    }
                }
                default -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        out[d + lane] = bits(Math.fma(Float.intBitsToFloat(r[a + lane]), Float.intBitsToFloat(r[b + lane]),
                                Float.intBitsToFloat(r[c + lane])));
                    }
                }
            }
        }

        private static int bits(float value) {
            return Float.isNaN(value) ? Floats.CANONICAL_NAN_32 : Float.floatToRawIntBits(value);
        }
    }
}
