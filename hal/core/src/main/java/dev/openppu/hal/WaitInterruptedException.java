package dev.openppu.hal;

/** The waiting thread was interrupted; its interrupt flag is set again. */
public final class WaitInterruptedException extends LinkException {
    private static final long serialVersionUID = 1L;

    public WaitInterruptedException(String message) {
        super(message);
    }
}
