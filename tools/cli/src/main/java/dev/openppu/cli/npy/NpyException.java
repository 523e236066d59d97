package dev.openppu.cli.npy;

import dev.openppu.cli.BadInputException;

/** A file is not a NumPy array that can be used here. */
public final class NpyException extends BadInputException {
    private static final long serialVersionUID = 1L;

    NpyException(String message) {
        super(message);
    }
}
