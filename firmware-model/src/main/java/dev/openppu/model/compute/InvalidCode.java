package dev.openppu.model.compute;

import dev.openppu.abi.error.FaultMapping;

/** An instruction that cannot be decoded; it faults when a thread comes to execute it, not before. */
final class InvalidCode extends Exception {
    private static final long serialVersionUID = 1L;

    final FaultMapping cause;

    InvalidCode(FaultMapping cause) {
        super(cause.cause(), null, false, false);
        this.cause = cause;
    }
}
