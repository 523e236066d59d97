package dev.openppu.model.compute;

import dev.openppu.abi.code.DeviceException;

/** A memory access that is not allowed. Carries no stack trace: it is an outcome of the simulated device, not an error of the model. */
public final class AccessFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final DeviceException exception;
    private final long address;
    private final ComputeMemory.Access access;

    public AccessFault(DeviceException exception, long address, ComputeMemory.Access access) {
        super(exception.description() + " at 0x" + Long.toHexString(address) + " (" + access + ")", null, false, false);
        this.exception = exception;
        this.address = address;
        this.access = access;
    }

    public DeviceException exception() {
        return exception;
    }

    public long address() {
        return address;
    }

    public ComputeMemory.Access access() {
        return access;
    }
}
