package dev.openppu.model.compute;

import dev.openppu.abi.code.AtomicOperation;
import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.StateSpace;
import dev.openppu.abi.error.FaultMapping;
import dev.openppu.model.compute.ComputeMemory.Access;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * atom: read, combine, write, as one step for every other thread; lanes in ascending order. On global memory it is sequentially consistent, which is at least
 * what any of its orderings asks for.
 */
final class AtomicOp extends LaneOp {
    private static final int LANES = CodeLimits.WARP_SIZE;

    private final AddressOperand address;
    private final StateSpace space;
    private final int bytes;
    private final int result;
    private final int operand;
    private final int replacement;
    private final LaneFunction inGlobal;
    private final LaneFunction inShared;

    AtomicOp(Decoded decoded) throws InvalidCode {
        super(decoded);
        Instruction instruction = decoded.instruction();
        AtomicOperation operation = Decoded.valid(AtomicOperation.of(instruction.variant()));
        DataType type = decoded.type();
        bytes = type.bytes();
        Decoded.require(bytes == 2 || bytes == 4 || bytes == 8);
        address = new AddressOperand(decoded);
        space = Decoded.valid(instruction.space());
        Decoded.require(space == StateSpace.GENERIC || space == StateSpace.GLOBAL || space == StateSpace.SHARED);
        result = decoded.destination(type.registers());
        operand = decoded.source(Operand.B, type.registers());
        replacement = operation == AtomicOperation.CAS ? decoded.source(Operand.C, type.registers()) : operand;
        inGlobal = AtomicFunctions.of(operation, type, true);
        inShared = AtomicFunctions.of(operation, type, false);
    }

    @Override
    void execute(Warp warp, int active) throws DeviceTrap {
        warp.block.global().begin();
        for (int rest = active; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            long at = address.of(warp, lane);
            StateSpace where = space == StateSpace.GENERIC ? Place.of(at) : space;
            long offset = space == StateSpace.GENERIC ? Place.offset(where, at) : at;
            long old = switch (where) {
                case SHARED -> exchangeShared(warp, lane, offset);
                case GLOBAL -> exchangeGlobal(warp, lane, offset);
                default -> throw new DeviceTrap(FaultMapping.KERNEL_OUT_OF_RANGE, lane, at, Access.ATOMIC);
            };
            warp.registers[result + lane] = (int) old;
            if (bytes == 8) {
                warp.registers[result + LANES + lane] = (int) (old >>> 32);
            }
        }
    }

    private long value(Warp warp, int row, int lane) {
        return bytes == 8 ? warp.wide(row, lane) : Bits.zeroExtend(warp.registers[row + lane], 8 * bytes);
    }

    private long exchangeShared(Warp warp, int lane, long offset) throws DeviceTrap {
        BlockMemory shared = warp.block.shared();
        int index = shared.check(offset, bytes, 0, shared.size(), lane, Access.ATOMIC);
        long old = shared.get(index, bytes);
        shared.put(index, bytes, inShared.apply(old, value(warp, operand, lane), value(warp, replacement, lane), 0));
        return old;
    }

    private long exchangeGlobal(Warp warp, int lane, long at) throws DeviceTrap {
        if ((at & bytes - 1) != 0) {
            throw new DeviceTrap(FaultMapping.KERNEL_MISALIGNED_GLOBAL, lane, at, Access.ATOMIC);
        }
        Span span = warp.block.global().atomicSpan(at, bytes, lane);
        MemorySegment segment = Objects.requireNonNull(span.segment());
        // 16-bit values are exchanged with the 32-bit word around them.
        int unit = Math.max(4, bytes);
        long offset = at - span.start() & -unit;
        int shift = 8 * (int) (at & unit - 1);
        long mask = Bits.zeroExtend(-1L, 8 * bytes) << shift;
        while (true) {
            long word = GlobalMemory.atomicGet(segment, offset, unit);
            long old = (word & mask) >>> shift;
            long value = inGlobal.apply(old, value(warp, operand, lane), value(warp, replacement, lane), 0);
            if (GlobalMemory.compareAndSet(segment, offset, unit, word, word & ~mask | value << shift & mask)) {
                return old;
            }
        }
    }
}
