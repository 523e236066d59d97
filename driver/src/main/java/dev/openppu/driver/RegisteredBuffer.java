package dev.openppu.driver;

import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The application's own memory, registered for the device ({@link Context#registerHost}). Its arena must stay open until this is closed. Thread-safe as an object; its bytes are
 * as safe as memory is.
 */
public final class RegisteredBuffer implements HostMemory, AutoCloseable {
    private final Context context;
    private final long address;
    private final MemorySegment memory;
    private final HostViews views;
    private final AtomicBoolean closed = new AtomicBoolean();

    RegisteredBuffer(Context context, PinnedGrant grant, boolean portable, Access access) {
        this.context = context;
        this.address = grant.address();
        this.memory = grant.memory();
        this.views = new HostViews(this, portable, access);
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public MemoryKind kind() {
        return MemoryKind.REGISTERED;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long size() {
        return memory.byteSize();
    }

    @Override
    public MemorySegment segment() {
        requireOpen();
        return memory;
    }

    @Override
    public DeviceMemory in(Context other) {
        requireOpen();
        return views.in(other, memory);
    }

    @Override
    public void requireOpen() {
        if (closed.get()) {
            throw context.link().closed(toString());
        }
    }

    /** Unregisters: after the work submitted to the context so far has ended (or {@link PpuOptions#drainTimeout} has passed) no engine reaches the memory any more. Idempotent. */
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
        return "registered host memory 0x%x of %d bytes of context %d".formatted(address, memory.byteSize(), context.id());
    }
}
