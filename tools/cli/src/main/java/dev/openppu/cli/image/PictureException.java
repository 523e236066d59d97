package dev.openppu.cli.image;

import dev.openppu.cli.BadInputException;

/** A file is not a picture that can be used here. */
public final class PictureException extends BadInputException {
    private static final long serialVersionUID = 1L;

    PictureException(String message) {
        super(message);
    }
}
