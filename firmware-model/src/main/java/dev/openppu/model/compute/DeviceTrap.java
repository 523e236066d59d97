package dev.openppu.model.compute;

import org.jspecify.annotations.Nullable;

import dev.openppu.abi.code.DeviceException;

/** Unwinds from an operation to the block when a lane raises a device exception. */
final class DeviceTrap extends Exception {
    private static final long serialVersionUID = 1L;

    final DeviceException exception;
    final int lane;
    final long address;
    final transient ComputeMemory.@Nullable Access access;

    /** @param lane the lane concerned, -1 for all that execute */
    DeviceTrap(DeviceException exception, int lane) {
        this(exception, lane, 0, null);
    }

    DeviceTrap(DeviceException exception, int lane, long address, ComputeMemory.@Nullable Access access) {
        super(exception.description(), null, false, false);
        this.exception = exception;
        this.lane = lane;
        this.address = address;
        this.access = access;
    }

    DeviceTrap(AccessFault fault, int lane) {
        this(fault.exception(), lane, fault.address(), fault.access());
    }
}
