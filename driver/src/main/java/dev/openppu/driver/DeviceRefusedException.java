package dev.openppu.driver;

/** The function on the link is not a device that this driver may touch: not a PPU, a PPU without OpenPPU's capability, or another ABI version. */
public final class DeviceRefusedException extends PpuException {
    private static final long serialVersionUID = 1L;

    public DeviceRefusedException(Failure failure) {
        super(failure);
    }
}
