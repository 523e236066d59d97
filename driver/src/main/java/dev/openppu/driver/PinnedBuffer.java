package dev.openppu.driver;

import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** Host memory that the device reaches directly; zero at first. Thread-safe as an object; its bytes are as safe as memory is. */
public final class PinnedBuffer implements HostMemory, AutoCloseable {
    private final Context context;
    private final long address;
    private final long size;
    private final MemorySegment memory;
    private final MemorySegment pages;
    private final AtomicBoolean closed = new AtomicBoolean();

    private final HostViews views;

    PinnedBuffer(Context context, PinnedGrant grant, long size, boolean portable) {
        this.context = context;
        this.address = grant.address();
        this.size = size;
        this.memory = grant.memory().asSlice(0, size);
        this.views = new HostViews(this, portable, Access.READ_WRITE);
        this.pages = grant.memory();
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public MemoryKind kind() {
        return MemoryKind.PINNED;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long size() {
        return size;
    }

    /** The host's view. Usable until this buffer or its context is closed. What the device wrote is visible after waiting for the work that wrote it. */
    @Override
    public MemorySegment segment() {
        requireOpen();
        return memory;
    }

    @Override
    public DeviceMemory in(Context other) {
        requireOpen();
        return views.in(other, pages);
    }

    @Override
    public void requireOpen() {
        if (closed.get()) {
            throw context.link().closed(toString());
        }
    }

    /**
     * Unmaps and frees the memory after the work submitted to the context so far has ended (or {@link PpuOptions#drainTimeout} has passed). Idempotent.
     */
    @Override
    public void close() {
        HostFunctionScope.refuseCalls();
        if (closed.compareAndSet(false, true)) {
            views.close();
            context.free(this, address);
        }
    }

    @Override
    public String toString() {
        return "pinned buffer 0x%x of %d bytes of context %d".formatted(address, size, context.id());
    }
}
