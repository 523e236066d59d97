package dev.openppu.driver;

import dev.openppu.driver.owner.OwnerService.MemoryGrant;

/** Device memory of a context. Its content is undefined until written. Thread-safe. */
public final class DeviceBuffer extends HeldMemory {
    DeviceBuffer(Context context, MemoryGrant grant, long size) {
        super(context, grant.address(), size);
    }

    @Override
    public MemoryKind kind() {
        return MemoryKind.DEVICE;
    }

    @Override
    String what() {
        return "device buffer";
    }
}
