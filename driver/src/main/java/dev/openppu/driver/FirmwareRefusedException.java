package dev.openppu.driver;

import dev.openppu.abi.reg.BootError;

/** The boot ROM refused a firmware image and is ready for another one. */
public final class FirmwareRefusedException extends PpuException {
    private static final long serialVersionUID = 1L;

    private final BootError error;

    public FirmwareRefusedException(Failure failure, BootError error) {
        super(failure);
        this.error = error;
    }

    /** Why, by the ROM's own name. */
    public BootError error() {
        return error;
    }
}
