package dev.openppu.model.compute;

/** An operation that moves lanes elsewhere than to the next instruction, ends them or makes them wait. */
abstract non-sealed class ControlOp extends Op {
    ControlOp(Decoded decoded) {
        super(decoded);
    }

    /**
     * Performs it for the lanes in {@code active} (may be 0) of a path and updates the warp's paths.
     *
     * @param path index of the path, whose pc is that of this instruction
     */
    abstract void execute(Warp warp, int path, int active) throws DeviceTrap;
}
