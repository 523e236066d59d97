package dev.openppu.driver;

import dev.openppu.driver.owner.OwnerService.MemoryGrant;
import java.util.concurrent.atomic.AtomicBoolean;

/** Device memory of a context. Its content is undefined until written. Thread-safe. */
public final class DeviceBuffer implements DeviceMemory, AutoCloseable {
    private final Context context;
    private final long address;
    private final long size;
    private final AtomicBoolean closed = new AtomicBoolean();

    DeviceBuffer(Context context, MemoryGrant grant, long size) {
        this.context = context;
        this.address = grant.address();
        this.size = size;
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public MemoryKind kind() {
        return MemoryKind.DEVICE;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void requireOpen() {
        if (closed.get()) {
            throw context.link().closed(toString());
        }
    }

    /**
     * Frees the memory after the work submitted to the context so far has ended (or {@link PpuOptions#drainTimeout} has passed). Afterwards an access by the
     * device is a fault. Idempotent.
     */
    @Override
    public void close() {
        HostFunctionScope.refuseCalls();
        if (closed.compareAndSet(false, true)) {
            context.free(this, address);
        }
    }

    @Override
    public String toString() {
        return "device buffer 0x%x of %d bytes of context %d".formatted(address, size, context.id());
    }
}
