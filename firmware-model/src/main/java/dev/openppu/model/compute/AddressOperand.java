package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;

/** The address of a memory instruction: an optional 32- or 64-bit register and a byte offset. */
final class AddressOperand {
    private static final int LANES = CodeLimits.WARP_SIZE;
    private static final int NO_REGISTER = -1;

    private final int row;
    private final boolean wide;
    private final long offset;

    AddressOperand(Decoded decoded) throws InvalidCode {
        Instruction instruction = decoded.instruction();
        offset = instruction.immediate0();
        if (instruction.operand(Operand.A) == Instruction.NONE) {
            row = NO_REGISTER;
            wide = false;
        } else {
            DataType type = decoded.sourceType();
            Decoded.require(type == DataType.U32 || type == DataType.U64);
            wide = type == DataType.U64;
            row = decoded.source(Operand.A, wide ? 2 : 1);
        }
    }

    /** True when every lane has the same address. */
    boolean isConstant() {
        return row == NO_REGISTER;
    }

    long offset() {
        return offset;
    }

    long of(Warp warp, int lane) {
        if (row == NO_REGISTER) {
            return offset;
        }
        return offset + (wide ? warp.wide(row, lane) : warp.registers[row + lane] & 0xFFFF_FFFFL);
    }

    /** The addresses of all lanes, active or not, into the warp's scratch. */
    void compute(Warp warp) {
        int[] registers = warp.registers;
        long[] addresses = warp.addresses;
        if (row == NO_REGISTER) {
            java.util.Arrays.fill(addresses, offset);
        } else if (wide) {
            for (int lane = 0; lane < LANES; lane++) {
                addresses[lane] = offset + (registers[row + lane] & 0xFFFF_FFFFL | (long) registers[row + LANES + lane] << 32);
            }
        } else {
            for (int lane = 0; lane < LANES; lane++) {
                addresses[lane] = offset + (registers[row + lane] & 0xFFFF_FFFFL);
            }
        }
    }

    /** True when the lanes' addresses, computed before, follow each other in steps of four bytes. */
    static boolean areNeighbours(long[] addresses) {
        long first = addresses[0];
        long difference = 0;
        for (int lane = 0; lane < LANES; lane++) {
            difference |= addresses[lane] ^ first + 4L * lane;
        }
        return difference == 0;
    }
}
