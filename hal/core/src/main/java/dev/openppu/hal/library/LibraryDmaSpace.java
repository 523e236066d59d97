package dev.openppu.hal.library;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.CallersMemory;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.dma.HostPages;
import dev.openppu.hal.dma.IovaSpace;
import dev.openppu.hal.posix.HostMemory;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** IOVA mappings of a device in a library: given to it, if it reaches memory by itself, and kept here for those that ask. */
final class LibraryDmaSpace implements DmaSpace {
    /** All of 48 bits but the first 64 KiB, and where a PC's interrupt messages go. */
    private static final List<IovaRange> RANGES = List.of(new IovaRange(1L << 16, 0xFEDF_FFFFL),
            new IovaRange(0xFEF0_0000L, (1L << 48) - 1));

    private final LibraryDevice device;
    private final HostMappings mappings;
    private final HostPages pages = new HostPages();
    private final Set<Mapped> open = ConcurrentHashMap.newKeySet();
    private final long pageSize = HostMemory.pageSize();
    private final IovaSpace iovas;
    private volatile boolean asks;

    LibraryDmaSpace(LibraryDevice device, HostMappings mappings) {
        this.device = device;
        this.mappings = mappings;
        this.iovas = new IovaSpace(RANGES, pageSize, mappings::overlaps);
    }

    @Override
    public long pageSize() {
        return pageSize;
    }

    @Override
    public List<IovaRange> ranges() {
        return RANGES;
    }

    @Override
    public DmaMapping allocate(long bytes, DmaAccess access) {
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
    public DmaMapping map(MemorySegment memory, DmaAccess access) {
        CallersMemory.require(memory, pageSize);
        return add(memory, iovas.choose(memory.byteSize()), access, false);
    }

    @Override
    public DmaMapping map(MemorySegment memory, long iova, DmaAccess access) {
        CallersMemory.require(memory, pageSize);
        iovas.require(iova, memory.byteSize());
        return add(memory, iova, access, false);
    }

    private DmaMapping add(MemorySegment memory, long iova, DmaAccess access, boolean owned) {
        mappings.add(iova, memory, access);
        try {
            asks = !device.dmaMap(iova, memory, access.readable(), access.writable());
        } catch (RuntimeException e) {
            mappings.remove(iova);
            throw e;
        }
        Mapped mapped = new Mapped(iova, memory, access, owned);
        open.add(mapped);
        return mapped;
    }

    /** After the device has been closed: nothing reaches the memory any more. */
    void close() {
        open.forEach(mapped -> mappings.remove(mapped.iova));
        open.clear();
        pages.close();
    }

    private final class Mapped implements DmaMapping {
        private final long iova;
        private final MemorySegment memory;
        private final DmaAccess access;
        private final boolean owned;
        private final AtomicBoolean closed = new AtomicBoolean();

        Mapped(long iova, MemorySegment memory, DmaAccess access, boolean owned) {
            this.iova = iova;
            this.memory = memory;
            this.access = access;
            this.owned = owned;
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

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true) || !open.remove(this)) {
                return;
            }
            try {
                if (!asks) {
                    device.dmaUnmap(iova, memory.byteSize());
                }
            } catch (LibraryException e) {
                throw e; // the device goes on using it: the memory stays
            } catch (LinkException e) {
                // closed: it uses nothing any more
            }
            mappings.remove(iova);
            if (owned) {
                pages.release(memory);
            }
        }
    }
}
