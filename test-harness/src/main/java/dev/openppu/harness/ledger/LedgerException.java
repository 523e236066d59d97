package dev.openppu.harness.ledger;

/** A file cannot be used as the file of a campaign: the message says which, where, and what to do. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LedgerException(String message) {
        super(message);
    }

    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
