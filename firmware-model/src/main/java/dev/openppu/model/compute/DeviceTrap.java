package dev.openppu.model.compute;

import dev.openppu.abi.error.FaultMapping;
import org.jspecify.annotations.Nullable;

/** Unwinds from an operation to the block when a lane raises a device exception. */
final class DeviceTrap extends Exception {
    private static final long serialVersionUID = 1L;

    final FaultMapping cause;
    final int lane;
    final long address;
    final transient ComputeMemory.@Nullable Access access;

    /** @param lane the lane concerned, -1 for all that execute */
    DeviceTrap(FaultMapping cause, int lane) {
        this(cause, lane, 0, null);
    }

    DeviceTrap(FaultMapping cause, int lane, long address, ComputeMemory.@Nullable Access access) {
        super(cause.cause(), null, false, false);
        this.cause = cause;
        this.lane = lane;
        this.address = address;
        this.access = access;
    }

    DeviceTrap(AccessFault fault, int lane) {
        this(fault.cause(), lane, fault.address(), fault.access());
    }
}
