package dev.openppu.cli;

/** What the user gave cannot be used: the message says what is wrong with which file or option, and what to do. Exit status 2. */
public class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadInputException(String message) {
        super(message);
    }

    public BadInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
