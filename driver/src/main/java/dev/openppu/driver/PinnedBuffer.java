package dev.openppu.driver;

import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;

/**
 * Host memory that the device reaches directly; zero at first. {@link #segment} is usable until this buffer or its context is closed. Thread-safe as an object; its bytes are
 * as safe as memory is.
 */
public final class PinnedBuffer extends HeldHostMemory {
    PinnedBuffer(Context context, PinnedGrant grant, long size, boolean portable) {
        super(context, grant, size, portable, Access.READ_WRITE);
    }

    @Override
    public MemoryKind kind() {
        return MemoryKind.PINNED;
    }

    @Override
    String what() {
        return "pinned buffer";
    }
}
