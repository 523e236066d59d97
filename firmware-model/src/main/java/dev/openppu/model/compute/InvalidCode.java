package dev.openppu.model.compute;

import dev.openppu.abi.code.DeviceException;

/** An instruction that cannot be decoded; it faults when a thread comes to execute it, not before. */
final class InvalidCode extends Exception {
    private static final long serialVersionUID = 1L;

    final DeviceException exception;

    InvalidCode(DeviceException exception) {
        super(exception.description(), null, false, false);
        this.exception = exception;
    }
}
