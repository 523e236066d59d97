package dev.openppu.driver;

/** The device does not answer, or what it writes makes no sense; it is dead for this process until it is reset and opened again. */
public final class DeviceLostException extends PpuException {
    private static final long serialVersionUID = 1L;

    public DeviceLostException(Failure failure) {
        super(failure);
    }
}
