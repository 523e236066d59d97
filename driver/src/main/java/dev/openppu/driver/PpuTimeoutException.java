package dev.openppu.driver;

/** Something did not happen in time; whether it still will is not known. */
public final class PpuTimeoutException extends PpuException {
    private static final long serialVersionUID = 1L;

    public PpuTimeoutException(Failure failure) {
        super(failure);
    }
}
