package dev.openppu.model.compute;

/** A dispatch that cannot be started: a descriptor that is none, or extents and sizes beyond the hardware's limits. */
public final class InvalidDispatchException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidDispatchException(String message) {
        super(message);
    }
}
