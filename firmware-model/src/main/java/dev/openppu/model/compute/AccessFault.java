package dev.openppu.model.compute;

import dev.openppu.abi.error.FaultMapping;

/** A memory access that is not allowed. Carries no stack trace: it is an outcome of the simulated device, not an error of the model. */
public final class AccessFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final FaultMapping cause;
    private final long address;
    private final ComputeMemory.Access access;

    public AccessFault(FaultMapping cause, long address, ComputeMemory.Access access) {
        super(cause.cause() + " at 0x" + Long.toHexString(address) + " (" + access + ")", null, false, false);
        this.cause = cause;
        this.address = address;
        this.access = access;
    }

    public FaultMapping cause() {
        return cause;
    }

    public long address() {
        return address;
    }

    public ComputeMemory.Access access() {
        return access;
    }
}
