package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.Instruction.Operand;

/** Any operation given as a {@link LaneFunction}: lane by lane, for what is too rare to have loops of its own. */
final class MappedOp extends LaneOp {
    private static final int LANES = CodeLimits.WARP_SIZE;
    private static final int ABSENT = -1;

    private final LaneFunction function;
    private final int result;
    private final int resultRegisters;
    private final int[] sources = {ABSENT, ABSENT, ABSENT, ABSENT};
    private final boolean[] wide = new boolean[4];

    /** @param sourceRegisters registers of a, b, c, e: 0 (absent), 1 or 2 */
    MappedOp(Decoded decoded, LaneFunction function, int resultRegisters, int... sourceRegisters) throws InvalidCode {
        super(decoded);
        this.function = function;
        this.resultRegisters = resultRegisters;
        result = decoded.destination(resultRegisters);
        for (int i = 0; i < sourceRegisters.length; i++) {
            if (sourceRegisters[i] > 0) {
                sources[i] = decoded.source(Operand.values()[1 + i], sourceRegisters[i]);
                wide[i] = sourceRegisters[i] == 2;
            }
        }
    }

    @Override
    void execute(Warp warp, int active) throws DeviceTrap {
        int[] registers = warp.registers;
        for (int rest = active; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            long value;
            try {
                value = function.apply(operand(warp, 0, lane), operand(warp, 1, lane), operand(warp, 2, lane), operand(warp, 3, lane));
            } catch (DeviceTrap trap) {
                throw new DeviceTrap(trap.cause, lane);
            }
            registers[result + lane] = (int) value;
            if (resultRegisters > 1) {
                registers[result + LANES + lane] = (int) (value >>> 32);
            }
            if (resultRegisters > 2) {
                int sign = (int) (value >> 63);
                registers[result + 2 * LANES + lane] = sign;
                registers[result + 3 * LANES + lane] = sign;
            }
        }
    }

    private long operand(Warp warp, int index, int lane) {
        int row = sources[index];
        if (row == ABSENT) {
            return 0;
        }
        return wide[index] ? warp.wide(row, lane) : warp.registers[row + lane] & 0xFFFF_FFFFL;
    }
}
