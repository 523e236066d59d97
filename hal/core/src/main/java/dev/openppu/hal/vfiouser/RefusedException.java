package dev.openppu.hal.vfiouser;

import dev.openppu.hal.LinkException;

/** The server answered a command with an error, and goes on. */
public final class RefusedException extends LinkException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    RefusedException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** As in {@code errno(3)}; 0 if the server gave none. */
    public int errno() {
        return errno;
    }
}
