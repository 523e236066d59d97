package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.Instruction.Operand;
import dev.openppu.abi.code.StateSpace;

/** isspacep, and what does nothing in the model: prefetch, fences between lanes of one thread, sleeping. */
final class AddressOps {
    private AddressOps() {}

    /** isspacep: whether a generic address points into a space. */
    static final class SpaceTest extends LaneOp {
        private final StateSpace space;
        private final int source;
        private final int p;

        SpaceTest(Decoded decoded) throws InvalidCode {
            super(decoded);
            space = Decoded.valid(decoded.instruction().space());
            source = decoded.source(Operand.A, 2);
            p = decoded.resultPredicate(Operand.P);
        }

        @Override
        void execute(Warp warp, int active) {
            int holds = 0;
            for (int lane = 0; lane < CodeLimits.WARP_SIZE; lane++) {
                holds |= (Place.of(warp.wide(source, lane)) == space ? 1 : 0) << lane;
            }
            warp.setPredicate(p, active, holds);
        }
    }

    /** fence: orders this thread's accesses before and after it, for everyone. */
    static final class Fence extends LaneOp {
        Fence(Decoded decoded) {
            super(decoded);
        }

        @Override
        void execute(Warp warp, int active) {
            java.lang.invoke.VarHandle.fullFence();
        }
    }

    /** A hint that the model need not follow. */
    static final class Hint extends LaneOp {
        Hint(Decoded decoded) {
            super(decoded);
        }

        @Override
        void execute(Warp warp, int active) {
            // A prefetch moves nothing that a program could see, and a sleep may end at once.
        }
    }
}
