package dev.openppu.driver;

/** Device memory or address space is exhausted. */
public final class OutOfDeviceMemoryException extends PpuException {
    private static final long serialVersionUID = 1L;

    private final long requested;
    private final long free;
    private final long largest;

    /** Bytes all three: asked for, free in total, largest free block. */
    public OutOfDeviceMemoryException(Failure failure, long requested, long free, long largest) {
        super(failure);
        this.requested = requested;
        this.free = free;
        this.largest = largest;
    }

    public long requested() {
        return requested;
    }

    public long free() {
        return free;
    }

    /** The largest block that could be had. */
    public long largest() {
        return largest;
    }
}
