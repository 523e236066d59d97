package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.MemoryOrder;
import dev.openppu.abi.code.StateSpace;
import dev.openppu.abi.error.FaultMapping;
import dev.openppu.model.compute.ComputeMemory.Access;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** st: to global, shared or local memory, scalar or vector. */
final class StoreOp extends LaneOp {
    private static final int LANES = CodeLimits.WARP_SIZE;
    /** Row of a vector element that is not stored. */
    private static final int SKIPPED = -1;

    private final AddressOperand address;
    private final StateSpace space;
    private final int bytes;
    private final int[] rows;
    private final boolean plainInts;
    private final boolean release;

    StoreOp(Decoded decoded) throws InvalidCode {
        super(decoded);
        Instruction instruction = decoded.instruction();
        address = new AddressOperand(decoded);
        space = Decoded.valid(instruction.space());
        Decoded.require(space != StateSpace.CONST && space != StateSpace.PARAM);
        DataType type = decoded.type();
        bytes = type.bytes();
        Decoded.require(bytes > 0);
        int elements = instruction.vectorElements();
        Decoded.require(elements * bytes <= 32);
        rows = new int[elements];
        for (int i = 0; i < elements; i++) {
            rows[i] = elements == 1
                    ? decoded.source(Operand.B, type.registers())
                    : element(decoded, instruction.element(i), type.registers());
        }
        MemoryOrder order = Decoded.valid(instruction.order());
        release = order != MemoryOrder.WEAK && order != MemoryOrder.RELAXED;
        plainInts = elements == 1 && bytes == 4;
    }

    private static int element(Decoded decoded, int register, int registers) throws InvalidCode {
        return register == Instruction.NONE ? SKIPPED : decoded.registerRow(register, registers);
    }

    @Override
    void execute(Warp warp, int active) throws DeviceTrap {
        if (release) {
            VarHandle.releaseFence();
        }
        GlobalMemory global = warp.block.global();
        global.begin();
        address.compute(warp);
        long[] addresses = warp.addresses;
        if (space == StateSpace.GLOBAL && plainInts && active == -1 && (addresses[0] & 3) == 0 && AddressOperand.areNeighbours(addresses)) {
            Span span = global.span(addresses[0], 4, Access.STORE, 0);
            MemorySegment segment = span.segment();
            if (segment != null && span.covers(addresses[0], 4 * LANES)) {
                GlobalMemory.storeRow(span, segment, addresses[0], warp.registers, rows[0]);
                return;
            }
        }
        for (int rest = active; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            storeLane(warp, lane, addresses[lane]);
        }
    }

    private void storeLane(Warp warp, int lane, long at) throws DeviceTrap {
        StateSpace where = space == StateSpace.GENERIC ? Place.of(at) : space;
        long offset = space == StateSpace.GENERIC ? Place.offset(where, at) : at;
        switch (where) {
            case SHARED -> storeBlock(warp, lane, warp.block.shared(), offset, 0, warp.block.shared().size());
            case LOCAL -> {
                int size = warp.block.launch().localBytes();
                storeBlock(warp, lane, warp.block.local(), offset, (warp.number * LANES + lane) * size, size);
            }
            default -> storeGlobal(warp, lane, offset);
        }
    }

    private void storeBlock(Warp warp, int lane, BlockMemory memory, long offset, int base, int limit) throws DeviceTrap {
        int index = memory.check(offset, rows.length * bytes, base, limit, lane, Access.STORE);
        for (int i = 0; i < rows.length; i++) {
            int row = rows[i];
            if (row == SKIPPED) {
                continue;
            }
            int at = index + i * bytes;
            memory.put(at, Math.min(8, bytes), value(warp, row, lane));
            if (bytes == 16) {
                memory.put(at + 8, 8, warp.wide(row + 2 * LANES, lane));
            }
        }
    }

    private void storeGlobal(Warp warp, int lane, long start) throws DeviceTrap {
        if ((start & (long) rows.length * bytes - 1) != 0) {
            throw new DeviceTrap(FaultMapping.KERNEL_MISALIGNED_GLOBAL, lane, start, Access.STORE);
        }
        GlobalMemory global = warp.block.global();
        Span span = global.span(start, rows.length * bytes, Access.STORE, lane);
        for (int i = 0; i < rows.length; i++) {
            int row = rows[i];
            if (row == SKIPPED) {
                continue;
            }
            long at = start + (long) i * bytes;
            global.store(span, at, Math.min(8, bytes), value(warp, row, lane), lane);
            if (bytes == 16) {
                global.store(span, at + 8, 8, warp.wide(row + 2 * LANES, lane), lane);
            }
        }
    }

    private long value(Warp warp, int row, int lane) {
        return bytes >= 8 ? warp.wide(row, lane) : warp.registers[row + lane] & 0xFFFF_FFFFL;
    }
}
