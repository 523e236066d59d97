package dev.openppu.driver.tix;

/** A launch expression that has no value: a name is missing, or the numbers do not work out. */
public final class LaunchExpressionException extends Exception {
    private static final long serialVersionUID = 1L;

    public LaunchExpressionException(String message) {
        super(message);
    }
}
