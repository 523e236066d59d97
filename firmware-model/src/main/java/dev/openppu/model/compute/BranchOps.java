package dev.openppu.model.compute;

import dev.openppu.abi.code.Instruction;
import dev.openppu.abi.error.FaultMapping;

/** bra, exit, and what an undecodable instruction does. */
final class BranchOps {
    private BranchOps() {}

    static final class Branch extends ControlOp {
        private final int target;

        Branch(Decoded decoded, int index, int length) throws InvalidCode {
            super(decoded);
            long displacement = decoded.instruction().immediate0();
            long to = index + displacement / Instruction.BYTES;
            Decoded.require(displacement % Instruction.BYTES == 0 && to >= 0 && to < length);
            target = (int) to;
        }

        @Override
        void execute(Warp warp, int path, int active) {
            Paths paths = warp.paths;
            int next = paths.pc(path) + 1;
            if (active == paths.lanes(path)) {
                paths.moveTo(path, target);
            } else {
                paths.split(path, active, target);
                paths.moveTo(path, next);
            }
        }
    }

    static final class Exit extends ControlOp {
        Exit(Decoded decoded) {
            super(decoded);
        }

        @Override
        void execute(Warp warp, int path, int active) {
            warp.exit(path, active);
        }
    }

    /** Raises the fault that decoding found, in the threads that come here. */
    static final class Trap extends ControlOp {
        private final FaultMapping cause;

        Trap(Decoded decoded, FaultMapping cause) {
            super(decoded);
            this.cause = cause;
        }

        @Override
        void execute(Warp warp, int path, int active) throws DeviceTrap {
            throw new DeviceTrap(cause, -1);
        }
    }
}
