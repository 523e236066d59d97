package dev.openppu.driver;

import java.util.concurrent.atomic.AtomicBoolean;

/** A range of a context's addresses that is held until it is closed: what device memory and host memory have in common. Thread-safe. */
abstract sealed class HeldMemory implements DeviceMemory, AutoCloseable permits DeviceBuffer, HeldHostMemory {
    private final Context context;
    private final long address;
    private final long size;
    private final AtomicBoolean closed = new AtomicBoolean();

    HeldMemory(Context context, long address, long size) {
        this.context = context;
        this.address = address;
        this.size = size;
    }

    @Override
    public final Context context() {
        return context;
    }

    @Override
    public final long address() {
        return address;
    }

    @Override
    public final long size() {
        return size;
    }

    @Override
    public final void requireOpen() {
        if (closed.get()) {
            throw context.link().closed(toString());
        }
    }

    /**
     * Unmaps the memory, and frees it if it is not the application's own, after the work submitted to the context so far has ended (or {@link PpuOptions#drainTimeout} has
     * passed). Afterwards an access by the device is a fault. Idempotent.
     */
    @Override
    public final void close() {
        HostFunctionScope.refuseCalls();
        if (!closed.get()) {
            context.requireNoWait(this);
        }
        if (closed.compareAndSet(false, true)) {
            closing();
            context.free(address);
        }
    }

    /** What goes before the memory itself. */
    void closing() {}

    /** For messages, for example {@code pinned buffer}. */
    abstract String what();

    @Override
    public final String toString() {
        return "%s 0x%x of %d bytes of context %d".formatted(what(), address, size, context.id());
    }
}
