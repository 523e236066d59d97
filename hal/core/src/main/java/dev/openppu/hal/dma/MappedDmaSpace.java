package dev.openppu.hal.dma;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.posix.HostMemory;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** IOVA mappings of one link: memory, IOVAs and mappings are the same whatever enforces them. Thread-safe. */
public abstract class MappedDmaSpace implements DmaSpace {
    private final HostPages pages;
    private final Set<Mapped> open = ConcurrentHashMap.newKeySet();
    private final long pageSize = HostMemory.pageSize();
    private final IovaSpace iovas;
    private volatile boolean closed;

    /** What the device was given, and how it is taken back. */
    protected interface Grant {
        /** When it returns the device has stopped using the range, and cannot reach it any more. */
        void revoke();

        /** The same for a device that is gone. */
        void forget();
    }

    /**
     * @param ranges usable IOVAs, ascending
     * @param taken knows what is mapped
     */
    protected MappedDmaSpace(List<IovaRange> ranges, IovaSpace.Taken taken) {
        this(ranges, taken, new PrivatePages());
    }

    /** @param source of the memory that {@link #allocate} gives */
    protected MappedDmaSpace(List<IovaRange> ranges, IovaSpace.Taken taken, PageSource source) {
        this.pages = new HostPages(source);
        this.iovas = new IovaSpace(ranges, pageSize, taken);
    }

    /**
     * Lets the device reach memory.
     *
     * @throws LinkException if the range overlaps a mapping, or a limit is reached
     */
    protected abstract Grant grant(long iova, MemorySegment memory, DmaAccess access);

    @Override
    public final long pageSize() {
        return pageSize;
    }

    @Override
    public final List<IovaRange> ranges() {
        return iovas.ranges();
    }

    @Override
    public final DmaMapping allocate(long bytes, DmaAccess access) {
        requireOpen();
        long whole = iovas.pages(bytes);
        MemorySegment memory = pages.allocate(whole);
        try {
            return add(memory, iovas.choose(whole), access, true);
        } catch (RuntimeException e) {
            pages.release(memory);
            throw e;
        }
    }

    @Override
    public final DmaMapping map(MemorySegment memory, DmaAccess access) {
        requireOpen();
        CallersMemory.require(memory, pageSize);
        return add(memory, iovas.choose(memory.byteSize()), access, false);
    }

    @Override
    public final DmaMapping map(MemorySegment memory, long iova, DmaAccess access) {
        requireOpen();
        CallersMemory.require(memory, pageSize);
        iovas.require(iova, memory.byteSize());
        return add(memory, iova, access, false);
    }

    private void requireOpen() {
        if (closed) {
            throw new LinkException("the link is closed");
        }
    }

    private DmaMapping add(MemorySegment memory, long iova, DmaAccess access, boolean owned) {
        Mapped mapped = new Mapped(iova, memory, access, owned, grant(iova, memory, access));
        open.add(mapped);
        return mapped;
    }

    /** Mappings that are open. */
    public final int mappings() {
        return open.size();
    }

    /** After the device has gone: takes back what is left. */
    public final void close() {
        closed = true;
        open.forEach(mapped -> mapped.grant.forget());
        open.clear();
        pages.close();
    }

    private final class Mapped implements DmaMapping {
        private final long iova;
        private final MemorySegment memory;
        private final DmaAccess access;
        private final boolean owned;
        private final Grant grant;

        Mapped(long iova, MemorySegment memory, DmaAccess access, boolean owned, Grant grant) {
            this.iova = iova;
            this.memory = memory;
            this.access = access;
            this.owned = owned;
            this.grant = grant;
        }

        @Override
        public long iova() {
            return iova;
        }

        @Override
        public long size() {
            return memory.byteSize();
        }

        @Override
        public DmaAccess access() {
            return access;
        }

        @Override
        public MemorySegment memory() {
            return memory;
        }

        /** If the device cannot be stopped, the memory is not given to anybody else. */
        @Override
        public void close() {
            if (open.remove(this)) {
                grant.revoke();
                if (owned) {
                    pages.release(memory);
                }
            }
        }
    }
}
