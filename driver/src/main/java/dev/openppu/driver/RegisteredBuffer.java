package dev.openppu.driver;

import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;

/**
 * The application's own memory, registered for the device ({@link Context#registerHost}); closing it unregisters. Its arena must stay open until then. Thread-safe as an
 * object; its bytes are as safe as memory is.
 */
public final class RegisteredBuffer extends HeldHostMemory {
    RegisteredBuffer(Context context, PinnedGrant grant, boolean portable, Access access) {
        super(context, grant, grant.memory().byteSize(), portable, access);
    }

    @Override
    public MemoryKind kind() {
        return MemoryKind.REGISTERED;
    }

    @Override
    String what() {
        return "registered host memory";
    }
}
