package dev.openppu.harness;

/** A case cannot be judged here: the link lacks a means that the case needs, and that is no finding. */
public final class SkippedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SkippedException(String because) {
        super(because);
    }
}
