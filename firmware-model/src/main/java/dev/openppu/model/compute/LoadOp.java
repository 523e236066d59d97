package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.DataType;
import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.code.MemoryOrder;
import dev.openppu.abi.code.StateSpace;
import dev.openppu.abi.error.FaultMapping;
import dev.openppu.model.compute.ComputeMemory.Access;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** ld: from any space, scalar or vector, extended to the width of its registers. */
final class LoadOp extends LaneOp {
    private static final int LANES = CodeLimits.WARP_SIZE;

    private final AddressOperand address;
    private final StateSpace space;
    private final DataType type;
    private final int bytes;
    private final int[] rows;
    private final int resultRegisters;
    private final boolean plainInts;
    private final boolean acquire;

    LoadOp(Decoded decoded) throws InvalidCode {
        super(decoded);
        Instruction instruction = decoded.instruction();
        address = new AddressOperand(decoded);
        space = Decoded.valid(instruction.space());
        type = decoded.type();
        bytes = type.bytes();
        Decoded.require(bytes > 0);
        resultRegisters = instruction.resultRegisters();
        Decoded.require(resultRegisters >= type.registers() && resultRegisters <= 4);
        int elements = instruction.vectorElements();
        Decoded.require(elements * bytes <= 32);
        rows = new int[elements];
        for (int i = 0; i < elements; i++) {
            rows[i] = elements == 1
                    ? decoded.destination(resultRegisters)
                    : decoded.destinationRegister(instruction.element(i), resultRegisters);
        }
        MemoryOrder order = Decoded.valid(instruction.order());
        acquire = order != MemoryOrder.WEAK && order != MemoryOrder.RELAXED;
        plainInts = elements == 1 && bytes == 4 && resultRegisters == 1;
    }

    @Override
    void execute(Warp warp, int active) throws DeviceTrap {
        switch (space) {
            case SHARED -> loadShared(warp, active);
            case GLOBAL -> loadGlobal(warp, active);
            case PARAM -> loadParameter(warp, active);
            default -> loadLanes(warp, active);
        }
        if (acquire) {
            VarHandle.acquireFence();
        }
    }

    private void loadShared(Warp warp, int active) throws DeviceTrap {
        if (!plainInts || active != -1) {
            loadLanes(warp, active);
            return;
        }
        BlockMemory shared = warp.block.shared();
        int[] registers = warp.registers;
        int limit = shared.size();
        int row = rows[0];
        for (int lane = 0; lane < LANES; lane++) {
            registers[row + lane] = shared.intAt(shared.check(address.of(warp, lane), 4, 0, limit, lane, Access.LOAD));
        }
    }

    private void loadGlobal(Warp warp, int active) throws DeviceTrap {
        address.compute(warp);
        GlobalMemory global = warp.block.global();
        global.begin();
        long[] addresses = warp.addresses;
        if (plainInts && active == -1 && (addresses[0] & 3) == 0 && AddressOperand.areNeighbours(addresses)) {
            Span span = global.span(addresses[0], 4, Access.LOAD, 0);
            MemorySegment segment = span.segment();
            if (segment != null && span.covers(addresses[0], 4 * LANES)) {
                GlobalMemory.loadRow(span, segment, addresses[0], warp.registers, rows[0]);
                return;
            }
        }
        for (int rest = active; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            loadGlobalLane(warp, lane, addresses[lane]);
        }
    }

    private void loadGlobalLane(Warp warp, int lane, long start) throws DeviceTrap {
        if ((start & (long) rows.length * bytes - 1) != 0) {
            throw new DeviceTrap(FaultMapping.KERNEL_MISALIGNED_GLOBAL, lane, start, Access.LOAD);
        }
        GlobalMemory global = warp.block.global();
        Span span = global.span(start, rows.length * bytes, Access.LOAD, lane);
        for (int i = 0; i < rows.length; i++) {
            long at = start + (long) i * bytes;
            if (bytes == 16) {
                write(warp, lane, i, global.load(span, at, 8, lane), global.load(span, at + 8, 8, lane));
            } else {
                write(warp, lane, i, global.load(span, at, bytes, lane), 0);
            }
        }
    }

    private void loadParameter(Warp warp, int active) throws DeviceTrap {
        if (address.isConstant() && rows.length == 1 && bytes <= 8) {
            BlockMemory parameters = warp.block.launch().parameters();
            int index = parameters.check(address.offset(), bytes, 0, parameters.size(), -1, Access.LOAD);
            long value = parameters.get(index, bytes);
            for (int rest = active; rest != 0; rest &= rest - 1) {
                write(warp, Integer.numberOfTrailingZeros(rest), 0, value, 0);
            }
        } else {
            loadLanes(warp, active);
        }
    }

    private void loadLanes(Warp warp, int active) throws DeviceTrap {
        warp.block.global().begin();
        for (int rest = active; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            long at = address.of(warp, lane);
            StateSpace where = space == StateSpace.GENERIC ? Place.of(at) : space;
            long offset = space == StateSpace.GENERIC ? Place.offset(where, at) : at;
            switch (where) {
                case SHARED -> loadBlock(warp, lane, warp.block.shared(), offset, 0, warp.block.shared().size());
                case LOCAL -> {
                    int size = warp.block.launch().localBytes();
                    loadBlock(warp, lane, warp.block.local(), offset, (warp.number * LANES + lane) * size, size);
                }
                case PARAM -> loadBlock(warp, lane, warp.block.launch().parameters(), offset, 0, warp.block.launch().parameters().size());
                case CONST -> loadGlobalLane(warp, lane, constant(warp, lane, offset));
                default -> loadGlobalLane(warp, lane, offset);
            }
        }
    }

    private long constant(Warp warp, int lane, long offset) throws DeviceTrap {
        int size = warp.block.launch().kernel().constBytes();
        if (offset < 0 || offset > size - rows.length * bytes) {
            throw new DeviceTrap(FaultMapping.KERNEL_OUT_OF_RANGE, lane, offset, Access.LOAD);
        }
        return warp.block.launch().kernel().constAddress() + offset;
    }

    private void loadBlock(Warp warp, int lane, BlockMemory memory, long offset, int base, int limit) throws DeviceTrap {
        int index = memory.check(offset, rows.length * bytes, base, limit, lane, Access.LOAD);
        for (int i = 0; i < rows.length; i++) {
            int at = index + i * bytes;
            if (bytes == 16) {
                write(warp, lane, i, memory.get(at, 8), memory.get(at + 8, 8));
            } else {
                write(warp, lane, i, memory.get(at, bytes), 0);
            }
        }
    }

    private void write(Warp warp, int lane, int element, long low, long high) {
        int[] registers = warp.registers;
        int row = rows[element] + lane;
        long value = type.isSigned() && bytes < 8 ? low << 64 - 8 * bytes >> 64 - 8 * bytes : low;
        registers[row] = (int) value;
        if (resultRegisters > 1) {
            registers[row + LANES] = (int) (value >>> 32);
        }
        if (resultRegisters > 2) {
            long upper = bytes == 16 ? high : type.isSigned() ? value >> 63 : 0;
            registers[row + 2 * LANES] = (int) upper;
            registers[row + 3 * LANES] = (int) (upper >>> 32);
        }
    }
}
