package dev.openppu.model.compute;

/** An operation that every lane performs and after which all go on with the next instruction. */
abstract non-sealed class LaneOp extends Op {
    LaneOp(Decoded decoded) {
        super(decoded);
    }

    /**
     * Performs it for the lanes in {@code active}, which is not 0.
     *
     * @throws DeviceTrap when a lane faults; registers of the warp are then unspecified
     */
    abstract void execute(Warp warp, int active) throws DeviceTrap;
}
