package dev.openppu.model.compute;

/** A decoded instruction. Immutable and shared by all blocks of a launch. */
abstract sealed class Op permits LaneOp, ControlOp {
    /** Predicate that guards it; {@link dev.openppu.abi.code.Instruction#TRUE_PREDICATE} when none does. */
    final int guard;
    /** All ones when the guard is negated, else 0. */
    final int guardInversion;

    Op(Decoded decoded) {
        guard = decoded.guard();
        guardInversion = decoded.guardNegated() ? -1 : 0;
    }

    /** The lanes of {@code mask} whose guard holds. */
    final int active(Warp warp, int mask) {
        return mask & (warp.predicates[guard] ^ guardInversion);
    }
}
