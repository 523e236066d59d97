package dev.openppu.harness;

/** A rule does not hold. */
public final class CheckFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String seen;

    public CheckFailedException(String expected, String seen) {
        super("expected " + expected + ", seen " + seen);
        this.expected = expected;
        this.seen = seen;
    }

    public String expected() {
        return expected;
    }

    public String seen() {
        return seen;
    }
}
