package dev.openppu.guest;

/** No guest can be had on this machine: the message is one line and says what is missing. */
public final class GuestUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public GuestUnavailableException(String message) {
        super(message);
    }
}
