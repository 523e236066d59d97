package dev.openppu.rdl.path;

/** A path that leads nowhere: the message says which part of it, and what there is instead. */
public final class PathException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong with which path */
    public PathException(String message) {
        super(message);
    }
}
