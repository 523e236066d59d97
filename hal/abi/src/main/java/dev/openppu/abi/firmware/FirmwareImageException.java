package dev.openppu.abi.firmware;

/** A firmware image was refused. */
public final class FirmwareImageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ImageDefect defect;

    public FirmwareImageException(ImageDefect defect, String message) {
        super(message);
        this.defect = defect;
    }

    public FirmwareImageException(ImageDefect defect, String message, Throwable cause) {
        super(message, cause);
        this.defect = defect;
    }

    public ImageDefect defect() {
        return defect;
    }
}
