package dev.openppu.abi.code;

/** A code object or kernel descriptor that is not one; the message names what is wrong. The driver's HGresult for it is 200, INVALID_IMAGE. */
public final class MalformedCodeException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedCodeException(String message) {
        super(message);
    }
}
