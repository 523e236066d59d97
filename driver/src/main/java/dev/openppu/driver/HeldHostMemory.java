package dev.openppu.driver;

import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import java.lang.foreign.MemorySegment;

/** Memory of the host that a context's engines reach, and other contexts' if it is portable. */
abstract sealed class HeldHostMemory extends HeldMemory implements HostMemory permits PinnedBuffer, RegisteredBuffer {
    private final MemorySegment memory;
    private final MemorySegment pages;
    private final HostViews views;

    /** @param size bytes of the grant that are the caller's; the rest fills its last page */
    HeldHostMemory(Context context, PinnedGrant grant, long size, boolean portable, Access access) {
        super(context, grant.address(), size);
        this.memory = grant.memory().asSlice(0, size);
        this.pages = grant.memory();
        this.views = new HostViews(this, portable, access);
    }

    @Override
    public final MemorySegment segment() {
        requireOpen();
        return memory;
    }

    @Override
    public final DeviceMemory in(Context other) {
        requireOpen();
        return views.in(other, pages);
    }

    @Override
    final void closing() {
        views.close();
    }
}
