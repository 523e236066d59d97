package dev.openppu.driver.owner;

import dev.openppu.abi.error.HgResult;
import dev.openppu.abi.memory.PageTableEntry;
import dev.openppu.driver.Failure;
import dev.openppu.driver.OutOfDeviceMemoryException;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.owner.DeviceMemoryManager.Piece;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.WaitInterruptedException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The virtual addresses of one context and the memory behind them. Every allocation is followed by an unmapped page, and the lowest 2 MiB are never mapped, so running off
 * an end, or a null address, faults. Thread-safe.
 */
final class AddressSpace {
    private static final long PAGE_BYTES = PageTableEntry.TABLE_BYTES;
    private static final long FIRST = PageTableEntry.pageBytes(1);
    /** Freed ranges that are kept back. */
    private static final int MOST_QUARANTINED = 1024;
    private static final long END = 1L << PageTableEntry.VIRTUAL_ADDRESS_BITS - 1;

    private final DeviceAccess device;
    private final int context;
    private final DeviceMemoryPort port;
    private final DeviceMemoryManager memory;
    private final PinnedMemory pinned;
    private final TranslationCache translations;
    private final PageTables tables;
    private boolean closed;
    private final LinkLock lock;
    private final RangeAllocator addresses = new RangeAllocator(FIRST, END - FIRST);
    private final TreeMap<Long, Allocation> allocations = new TreeMap<>();
    /** Written under the lock. */
    private volatile long bytes;
    private volatile int count;

    /** Virtual addresses that are free, but not handed out again yet: a pointer that is used too late faults instead of meeting somebody else's data. */
    private final ArrayDeque<Long> quarantine = new ArrayDeque<>();

    /** What lies behind a range: pieces of device memory, or pinned host memory. */
    private record Allocation(long address, long bytes, List<Piece> pieces, @Nullable DmaMapping host) {
        /** Device memory address of a byte, and how many lie together from there. */
        Piece at(long offset) {
            long before = 0;
            for (Piece piece : pieces) {
                if (offset < before + piece.bytes()) {
                    return new Piece(piece.address() + offset - before, piece.bytes() - (offset - before));
                }
                before += piece.bytes();
            }
            throw new IndexOutOfBoundsException("offset " + offset + " of " + bytes + " bytes");
        }
    }

    AddressSpace(DeviceAccess device, int context, DeviceMemoryPort port, DeviceMemoryManager memory, PinnedMemory pinned,
            TranslationCache translations) {
        this.device = device;
        this.context = context;
        this.port = port;
        this.memory = memory;
        this.pinned = pinned;
        this.translations = translations;
        this.lock = new LinkLock(device.runtime());
        this.tables = new PageTables(port, memory, object());
    }

    /** Bytes allocated, roughly while they change. */
    long bytes() {
        return bytes;
    }

    /** How many allocations. */
    int count() {
        return count;
    }

    /** Device memory address of the root table. */
    long root() {
        return tables.root();
    }

    /** Virtual address of new device memory. */
    long allocateDevice(long size, Access access) {
        long bytes = pages(size);
        lock.lock();
        try {
            requireOpen();
            List<Piece> pieces = memory.allocatePieces(bytes, object());
            try {
                long address = map(bytes, pieces, rights(access));
                add(new Allocation(address, bytes, pieces, null));
                return address;
            } catch (RuntimeException e) {
                pieces.forEach(piece -> memory.free(piece.address()));
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A pinned allocation's place. */
    record Pinned(long address, MemorySegment memory) {}

    /** New pinned host memory, mapped for the device and into this space. */
    Pinned allocatePinned(long size, Access access) {
        return addHost(access, rights -> pinned.allocate(pages(size), rights));
    }

    /** The caller's memory, mapped for the device and into this space; INVALID_VALUE (1) if the link does not map it. */
    Pinned registerHost(MemorySegment memory, Access access) {
        return addHost(access, rights -> admit(memory, rights));
    }

    private DmaMapping admit(MemorySegment memory, DmaAccess rights) {
        try {
            return pinned.map(memory, rights);
        } catch (WaitInterruptedException e) {
            throw e;
        } catch (LinkException e) { // of the caller's memory, not of the device
            PpuException refused = device.failure(HgResult.INVALID_VALUE, "host memory", "it cannot be registered: " + e.getMessage(),
                    "give native memory of a shared arena");
            refused.initCause(e);
            throw refused;
        }
    }

    private Pinned addHost(Access access, Function<DmaAccess, DmaMapping> mapped) {
        lock.lock();
        try {
            requireOpen();
            DmaMapping host = mapped.apply(access == Access.READ_WRITE ? DmaAccess.BOTH : DmaAccess.DEVICE_READS);
            try {
                long address = map(host.size(), List.of(new Piece(host.iova(), host.size())), rights(access) | PageTableEntry.SYSTEM);
                add(new Allocation(address, host.size(), List.of(), host));
                return new Pinned(address, host.memory());
            } catch (RuntimeException e) {
                pinned.free(host);
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // in the lock
    private void add(Allocation allocation) {
        allocations.put(allocation.address, allocation);
        count = allocations.size();
        bytes += allocation.bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // in the lock
    private @Nullable Allocation take(long address) {
        Allocation allocation = allocations.remove(address);
        if (allocation != null) {
            count = allocations.size();
            bytes -= allocation.bytes;
        }
        return allocation;
    }

    private long map(long size, List<Piece> targets, long flags) {
        long address = virtual(size);
        long done = 0;
        try {
            for (Piece target : targets) {
                tables.map(address + done, target.address(), target.bytes(), flags);
                done += target.bytes();
            }
            port.flush(); // a busy processor finds the next packet without its doorbell, which alone would come after the entries
        } catch (RuntimeException e) {
            undo(address, done);
            throw e;
        }
        return address;
    }

    /** Takes back what was mapped of a range that nothing has used and nothing knows. */
    private void undo(long address, long done) {
        List<Long> empty = new ArrayList<>();
        try {
            if (done > 0) {
                tables.unmap(address, done, empty::add);
            }
            addresses.free(address);
        } finally {
            empty.forEach(memory::free);
        }
    }

    private long virtual(long size) {
        OptionalLong address = addresses.allocate(size + PAGE_BYTES, DeviceMemoryManager.alignment(size));
        if (address.isEmpty()) {
            while (!quarantine.isEmpty()) {
                addresses.free(quarantine.remove());
            }
            address = addresses.allocate(size + PAGE_BYTES, DeviceMemoryManager.alignment(size));
        }
        return address.orElseThrow(() -> exhausted(size));
    }

    private OutOfDeviceMemoryException exhausted(long size) {
        String what = "out of virtual addresses: %,d bytes asked for".formatted(size);
        return new OutOfDeviceMemoryException(
                Failure.of(HgResult.OUT_OF_MEMORY, device.name(), object(), what, "free buffers, or ask for less"),
                size, addresses.freeBytes(), addresses.largest());
    }

    private void quarantine(long address) {
        quarantine.add(address);
        if (quarantine.size() > MOST_QUARANTINED) {
            addresses.free(quarantine.remove());
        }
    }

    /** Unmaps and frees what begins at this address; it is freed even if the device or its link fails meanwhile. */
    void free(long address) {
        lock.lock();
        try {
            Allocation allocation = take(address);
            if (allocation == null) {
                throw device.failure(HgResult.INVALID_VALUE, object(), "nothing is allocated at 0x" + Long.toHexString(address),
                        "free what was allocated, once");
            }
            List<Long> empty = new ArrayList<>();
            try {
                tables.unmap(address, allocation.bytes, empty::add);
                quarantine(address);
                translations.invalidate(context, address, allocation.bytes);
            } finally { // a device that is not reached, or does not invalidate, is lost: what it still reaches is for the IOMMU to refuse
                empty.forEach(memory::free);
                giveBack(allocation);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The host's part of {@link #free}, for a device that is lost. */
    void forget(long address) {
        lock.lock();
        try {
            Allocation allocation = take(address);
            if (allocation != null) {
                giveBack(allocation);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes to device memory that is allocated here. */
    void upload(long address, MemorySegment source) {
        lock.lock();
        try {
            var entry = allocations.floorEntry(address);
            Allocation allocation = entry == null ? null : entry.getValue();
            long offset = allocation == null ? 0 : address - allocation.address;
            if (allocation == null || allocation.host != null || source.byteSize() > allocation.bytes - offset) {
                throw device.failure(HgResult.INVALID_VALUE, object(),
                        "0x%x + 0x%x is not device memory of this context".formatted(address, source.byteSize()),
                        "upload into one allocation");
            }
            for (long done = 0; done < source.byteSize();) {
                Piece target = allocation.at(offset + done);
                long part = Math.min(target.bytes(), source.byteSize() - done);
                port.write(target.address(), source.asSlice(done, part));
                done += part;
            }
            port.flush(); // as for entries: the bytes are there before a packet can name them
        } finally {
            lock.unlock();
        }
    }

    /** A client may ask for memory while another thread closes its context: what came after the end would never be given back. */
    private void requireOpen() {
        if (closed) {
            throw device.failure(HgResult.CONTEXT_IS_DESTROYED, object(), "the context is closed", "use an open one");
        }
    }

    /** Gives everything back, and gives out nothing more; the device must not use the space any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            allocations.values().forEach(this::giveBack);
            allocations.clear();
            count = 0;
            bytes = 0;
            tables.close();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Allocation allocation) {
        if (allocation.host == null) {
            allocation.pieces.forEach(piece -> memory.free(piece.address()));
        } else {
            pinned.free(allocation.host);
        }
    }

    private long pages(long size) {
        if (size < 1) {
            throw device.failure(HgResult.INVALID_VALUE, object(), "an allocation of " + size + " bytes", "ask for 1 or more");
        }
        if (size > END) {
            throw exhausted(size);
        }
        return (size + PAGE_BYTES - 1) & -PAGE_BYTES;
    }

    private static long rights(Access access) {
        return switch (access) {
            case READ -> PageTableEntry.READ;
            case READ_WRITE -> PageTableEntry.READ | PageTableEntry.WRITE;
            case READ_EXECUTE -> PageTableEntry.READ | PageTableEntry.EXECUTE;
        };
    }

    private String object() {
        return "context " + context;
    }
}
