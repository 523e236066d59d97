package dev.openppu.model.compute;

import dev.openppu.abi.code.CodeLimits;
import dev.openppu.abi.code.StateSpace;

/** Where an address leads: the state space of an instruction, or for a generic one what its address says. */
final class Place {
    private Place() {}

    /** The space of a generic address. */
    static StateSpace of(long address) {
        if (inWindow(address, CodeLimits.SHARED_WINDOW)) {
            return StateSpace.SHARED;
        }
        return inWindow(address, CodeLimits.LOCAL_WINDOW) ? StateSpace.LOCAL : StateSpace.GLOBAL;
    }

    private static boolean inWindow(long address, long window) {
        return (address & -CodeLimits.WINDOW_BYTES) == window;
    }

    /** Generic address of offset 0 of a space. */
    static long window(StateSpace space) {
        return switch (space) {
            case SHARED -> CodeLimits.SHARED_WINDOW;
            case LOCAL -> CodeLimits.LOCAL_WINDOW;
            default -> 0;
        };
    }

    /** What is left of a generic address inside its window. */
    static long offset(StateSpace space, long address) {
        return space == StateSpace.GLOBAL ? address : address & CodeLimits.WINDOW_BYTES - 1;
    }
}
