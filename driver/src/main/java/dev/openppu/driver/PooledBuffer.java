package dev.openppu.driver;

import dev.openppu.driver.client.Mark;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Device memory of a pool, from the point of a stream where it was allocated to the point of a stream where it is freed. Work of other streams that uses it must be ordered
 * between the two, by events. Its content is undefined until written. Thread-safe.
 */
public final class PooledBuffer implements DeviceMemory, AutoCloseable {
    private final MemoryPool pool;
    private final long address;
    private final long size;
    private final long reserved;
    private final AtomicBoolean freed = new AtomicBoolean();

    PooledBuffer(MemoryPool pool, long address, long size, long reserved) {
        this.pool = pool;
        this.address = address;
        this.size = size;
        this.reserved = reserved;
    }

    public MemoryPool pool() {
        return pool;
    }

    @Override
    public Context context() {
        return pool.context();
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

    /** Bytes that it takes of the pool. */
    long reserved() {
        return reserved;
    }

    @Override
    public void requireOpen() {
        if (freed.get()) {
            throw context().link().closed(toString());
        }
    }

    void freeIn(Stream stream) {
        Mark end = stream.point();
        if (!freed.compareAndSet(false, true)) {
            throw context().link().invalid(toString(), "it was freed already", "free what was allocated, once");
        }
        pool.free(this, stream, end);
    }

    /** Frees it behind the work submitted to all streams of the context so far, for which this waits (at most {@link PpuOptions#drainTimeout}). Idempotent. */
    @Override
    public void close() {
        HostFunctionScope.refuseCalls();
        if (!freed.get()) {
            context().requireNoWait(this);
        }
        if (freed.compareAndSet(false, true) && context().link().alive()) { // else it goes back with the context
            context().drainAll();
            Stream stream = context().defaultStream();
            pool.free(this, stream, stream.point());
            pool.waited();
        }
    }

    @Override
    public String toString() {
        return "pooled buffer 0x%x of %d bytes of context %d".formatted(address, size, context().id());
    }
}
