package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.Opcode;
import dev.openppu.abi.code.ProductPart;

/** add, sub and mad with carry in or out; each lane has one carry bit, which sub uses as borrow. */
final class CarryOp extends LaneOp {
    private static final int LANES = CodeLimits.WARP_SIZE;

    private final Opcode opcode;
    private final DataType type;
    private final boolean wide;
    private final boolean carryIn;
    private final boolean carryOut;
    private final boolean high;
    private final int result;
    private final int a;
    private final int b;
    private final int c;

    CarryOp(Decoded decoded, Opcode opcode) throws InvalidCode {
        super(decoded);
        Instruction instruction = decoded.instruction();
        this.opcode = opcode;
        type = decoded.type();
        Decoded.require(type.isInteger() && type.bits() >= 32);
        int registers = type.registers();
        wide = registers == 2;
        carryIn = instruction.hasVariant(Instruction.VARIANT_CARRY_IN);
        carryOut = instruction.hasVariant(Instruction.VARIANT_CARRY_OUT);
        high = opcode == Opcode.MAD && IntegerFunctions.part(instruction) == ProductPart.HI;
        result = decoded.destination(registers);
        a = decoded.source(Operand.A, registers);
        b = decoded.source(Operand.B, registers);
        c = opcode == Opcode.MAD ? decoded.source(Operand.C, registers) : a;
    }

    @Override
    void execute(Warp warp, int active) {
        int carries = 0;
        for (int rest = active; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            long in = carryIn ? warp.carry >>> lane & 1 : 0;
            carries |= (combine(warp, lane, in) ? 1 : 0) << lane;
        }
        if (carryOut) {
            warp.carry = warp.carry & ~active | carries;
        }
    }

    /** Writes the result and answers whether it carried. */
    private boolean combine(Warp warp, int lane, long in) {
        long x = operand(warp, a, lane);
        long y = operand(warp, b, lane);
        if (opcode == Opcode.SUB) {
            write(warp, lane, x - y - in);
            return Long.compareUnsigned(x, y) < 0 || x == y && in != 0;
        }
        if (opcode == Opcode.MAD) {
            x = Bits.zeroExtend(high ? Bits.multiplyHigh(x, y, type) : x * y, type.bits());
            y = operand(warp, c, lane);
        }
        long sum = x + y + in;
        write(warp, lane, sum);
        return wide ? Long.compareUnsigned(sum, x) < 0 || sum == x && in != 0 && y == -1L : sum >>> 32 != 0;
    }

    private long operand(Warp warp, int row, int lane) {
        return wide ? warp.wide(row, lane) : warp.registers[row + lane] & 0xFFFF_FFFFL;
    }

    private void write(Warp warp, int lane, long value) {
        warp.registers[result + lane] = (int) value;
        if (wide) {
            warp.registers[result + LANES + lane] = (int) (value >>> 32);
        }
    }
}
