package dev.openppu.hal.record;

import dev.openppu.hal.LinkException;

/** A file that is no recording, or one that cannot be used so: the message says why. */
public final class RecordingException extends LinkException {
    private static final long serialVersionUID = 1L;

    public RecordingException(String message) {
        super(message);
    }

    public RecordingException(String message, Throwable cause) {
        super(message, cause);
    }
}
