package dev.openppu.harness;

/** What a case is about cannot be seen here, and only the case could find that out: neither passed nor failed. */
public final class UnobservableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnobservableException(String because) {
        super(because);
    }
}
