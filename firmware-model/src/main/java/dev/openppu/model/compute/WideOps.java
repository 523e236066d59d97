package dev.openppu.model.compute;

import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.ProductPart;
import org.jspecify.annotations.Nullable;

/** Fast paths of what addresses are made with: 64-bit sums, shifts and widening products. */
final class WideOps {
    private enum Kind {
        ADD, SUB, SHL, PRODUCT, PRODUCT_SUM, EXTEND
    }

    private WideOps() {}

    /** The fast path of an instruction, or null when it has none. */
    static @Nullable LaneOp of(Decoded decoded, Opcode opcode, DataType type) throws InvalidCode {
        Instruction instruction = decoded.instruction();
        boolean signed = type.isSigned();
        if (opcode == Opcode.CVT) {
            return ofConversion(decoded, type);
        }
        if (type.bits() == 64 && !type.isFloat()) {
            return switch (opcode) {
                case ADD -> new Op64(decoded, Kind.ADD, signed, 2, 2, 0);
                case SUB -> new Op64(decoded, Kind.SUB, signed, 2, 2, 0);
                case SHL -> new Op64(decoded, Kind.SHL, signed, 2, 1, 0);
                default -> null;
            };
        }
        if (type.bits() == 32 && type.isInteger() && (opcode == Opcode.MUL || opcode == Opcode.MAD)
                && IntegerFunctions.part(instruction) == ProductPart.WIDE) {
            return opcode == Opcode.MUL
                    ? new Op64(decoded, Kind.PRODUCT, signed, 1, 1, 0)
                    : new Op64(decoded, Kind.PRODUCT_SUM, signed, 1, 1, 2);
        }
        return null;
    }

    private static @Nullable LaneOp ofConversion(Decoded decoded, DataType to) throws InvalidCode {
        DataType from = decoded.sourceType();
        boolean widens = to.isInteger() && to.bits() == 64 && from.isInteger() && from.bits() == 32;
        Instruction instruction = decoded.instruction();
        return widens && !instruction.saturate() && instruction.resultRegisters() == 2
                ? new Op64(decoded, Kind.EXTEND, from.isSigned(), 1, 0, 0)
                : null;
    }

    private static final class Op64 extends RowOp {
        private final Kind kind;
        /** Keeps the upper half of a 32-bit source when it has a sign, drops it when not. */
        private final long extension;

        Op64(Decoded decoded, Kind kind, boolean signed, int rowsA, int rowsB, int rowsC) throws InvalidCode {
            super(decoded, 2, rowsA, rowsB, rowsC);
            this.kind = kind;
            this.extension = signed ? -1L : 0xFFFF_FFFFL;
        }

        @Override
        void compute(int[] r, int[] out, int d) {
            switch (kind) {
                case ADD -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        put(out, d + lane, wide(r, a + lane) + wide(r, b + lane));
                    }
                }
                case SUB -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        put(out, d + lane, wide(r, a + lane) - wide(r, b + lane));
                    }
                }
                case SHL -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        int amount = r[b + lane];
                        put(out, d + lane, (amount & ~63) != 0 ? 0 : wide(r, a + lane) << amount);
                    }
                }
                case PRODUCT -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        put(out, d + lane, (r[a + lane] & extension) * (r[b + lane] & extension));
                    }
                }
                case PRODUCT_SUM -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        put(out, d + lane, (r[a + lane] & extension) * (r[b + lane] & extension) + wide(r, c + lane));
                    }
                }
                case EXTEND -> {
                    for (int lane = 0; lane < LANES; lane++) {
                        put(out, d + lane, r[a + lane] & extension);
                    }
                }
            }
        }

        private static long wide(int[] r, int index) {
            return r[index] & 0xFFFF_FFFFL | (long) r[index + LANES] << 32;
        }

        private static void put(int[] out, int index, long value) {
            out[index] = (int) value;
            out[index + LANES] = (int) (value >>> 32);
        }
    }
}
