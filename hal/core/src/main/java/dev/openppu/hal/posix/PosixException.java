package dev.openppu.hal.posix;

/** A system call failed: the message names the call, its arguments and the error. */
public final class PosixException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** @param call with its arguments */
    public PosixException(String call, int errno) {
        super("%s: %s".formatted(call, Errno.describe(errno)));
        this.errno = errno;
    }

    /** The error's number, as in {@code errno(3)}. */
    public int errno() {
        return errno;
    }
}
