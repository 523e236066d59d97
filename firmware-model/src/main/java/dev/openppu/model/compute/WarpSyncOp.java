package dev.openppu.model.compute;

import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.error.FaultMapping;
import org.jspecify.annotations.Nullable;

/**
 * An operation in which the lanes of a member mask meet: each waits until all of them that have not exited are at it, then they perform it together. A lane
 * that is not in its own mask, or masks that differ among lanes that meet, raise "invalid warp sync".
 */
abstract class WarpSyncOp extends ControlOp {
    private static final int NO_MASK = -1;

    private final int members;

    /** @param mask operand with the member mask, or null where the lanes that happen to be active perform it */
    WarpSyncOp(Decoded decoded, @Nullable Operand mask) throws InvalidCode {
        super(decoded);
        members = mask == null ? NO_MASK : decoded.source(mask, 1);
    }

    @Override
    final void execute(Warp warp, int path, int active) throws DeviceTrap {
        Paths paths = warp.paths;
        int pc = paths.pc(path);
        if (active == 0) {
            paths.moveTo(path, pc + 1);
        } else if (members == NO_MASK) {
            perform(warp, active);
            paths.moveTo(path, pc + 1);
        } else {
            paths.split(path, paths.lanes(path) & ~active, pc + 1);
            meet(warp, path, pc, mask(warp, active));
        }
    }

    private void meet(Warp warp, int path, int pc, int mask) throws DeviceTrap {
        Paths paths = warp.paths;
        paths.waitForSync(path, mask);
        int together = 0;
        for (int other = 0; other < paths.count(); other++) {
            if (paths.isAtSync(other, mask) && warp.meetsAt(paths.pc(other), pc)) {
                together |= paths.lanes(other);
            }
        }
        int needed = mask & warp.live;
        if ((together & needed) != needed) {
            return;
        }
        perform(warp, together);
        for (int other = 0; other < paths.count(); other++) {
            if (paths.isAtSync(other, mask) && warp.meetsAt(paths.pc(other), pc)) {
                paths.release(other);
            }
        }
    }

    private int mask(Warp warp, int active) throws DeviceTrap {
        int mask = warp.registers[members + Integer.numberOfTrailingZeros(active)];
        for (int rest = active; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            if (warp.registers[members + lane] != mask || (mask >>> lane & 1) == 0) {
                throw new DeviceTrap(FaultMapping.KERNEL_INVALID_WARP_SYNC, lane);
            }
        }
        return mask;
    }

    /** Performs the operation for lanes that are all at it. */
    abstract void perform(Warp warp, int lanes);
}
