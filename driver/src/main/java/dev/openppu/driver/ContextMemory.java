package dev.openppu.driver;

import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.owner.OwnerService.Access;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** The memory of one context: what it allocated, pinned and registered, by address, and how it reaches what others hold. Thread-safe. */
final class ContextMemory {
    private final Context context;
    private final Ppu ppu;
    private final ContextLink link;
    private final ConcurrentSkipListMap<Long, DeviceMemory> allocations = new ConcurrentSkipListMap<>();

    ContextMemory(Context context, Ppu ppu) {
        this.context = context;
        this.ppu = ppu;
        this.link = context.link();
    }

    DeviceBuffer allocate(long bytes) {
        requireSize(bytes);
        return remember(new DeviceBuffer(context, link.owner().allocateDevice(link.context(), bytes, Access.READ_WRITE), bytes));
    }

    PinnedBuffer allocatePinned(long bytes, Set<HostMemoryFlag> flags) {
        requireSize(bytes);
        if (flags.contains(HostMemoryFlag.READ_ONLY) || flags.contains(HostMemoryFlag.IOMEMORY)) {
            throw link.invalid(context.toString(), "pinned memory with " + flags, "register memory with these flags, or leave them out");
        }
        boolean portable = flags.contains(HostMemoryFlag.PORTABLE);
        long whole = portable ? wholePages(bytes) : bytes; // other contexts map whole pages
        return remember(new PinnedBuffer(context, link.owner().allocatePinned(link.context(), whole, Access.READ_WRITE), bytes, portable));
    }

    private long wholePages(long bytes) {
        long page = ppu.link().dma().pageSize();
        long pages = Math.ceilDiv(bytes, page);
        return pages > Long.MAX_VALUE / page ? bytes : pages * page; // more than there is either way
    }

    PitchedBuffer allocatePitched(long width, long height, int elementBytes) {
        long pitch = Math.ceilDiv(width, PitchedBuffer.ALIGNMENT) * PitchedBuffer.ALIGNMENT;
        if (width < 1 || height < 1 || pitch <= 0 || height > Long.MAX_VALUE / pitch || elementBytes != 4 && elementBytes != 8
                && elementBytes != 16) {
            throw link.invalid(context.toString(), "%d rows of %d bytes for accesses of %d".formatted(height, width, elementBytes),
                    "ask for 1 row of 1 byte or more, for accesses of 4, 8 or 16 bytes");
        }
        return new PitchedBuffer(allocate(pitch * height), pitch, width, height);
    }

    RegisteredBuffer register(MemorySegment memory, Set<HostMemoryFlag> flags) {
        return remember(ppu.registrations().register(context, memory, flags));
    }

    private void requireSize(long bytes) {
        if (bytes < 1) {
            throw link.invalid(context.toString(), "an allocation of " + bytes + " bytes", "ask for 1 or more");
        }
        context.requireUsable();
    }

    private <T extends DeviceMemory> T remember(T memory) {
        allocations.put(memory.address(), memory);
        return memory;
    }

    PointerAttributes pointer(long address) {
        Map.Entry<Long, DeviceMemory> entry = allocations.floorEntry(address);
        if (entry == null || address - entry.getKey() >= entry.getValue().size()) {
            throw link.invalid(context.toString(), "no allocation contains address 0x%x".formatted(address),
                    "use an address of open memory of this context");
        }
        DeviceMemory memory = entry.getValue();
        return new PointerAttributes(memory, memory.address(), memory.size(), address - memory.address());
    }

    /** Whether the context's engines can reach the memory, or {@link #resolve} says why not: everything but another context's device memory. */
    boolean reaches(DeviceMemory memory) {
        return memory.context() == context || switch (memory) {
            case HostMemory host -> true;
            case DeviceSlice slice -> reaches(slice.whole());
            case DeviceMemory other -> false;
        };
    }

    /** The memory as the context reaches it. */
    DeviceMemory resolve(DeviceMemory memory) {
        if (memory.context() == context) {
            return memory;
        }
        return switch (memory) {
            case HostMemory host -> host.in(context);
            case DeviceSlice slice -> slice.in(context);
            case DeviceMemory other ->
                throw link.invalid(context.toString(), other + " belongs to another context", "use an object of context " + context.id());
        };
    }

    /** Frees memory that no work in flight uses: waits for what was submitted so far. */
    void free(long address) {
        if (allocations.remove(address) instanceof RegisteredBuffer registered) {
            ppu.registrations().forget(registered);
        }
        if (!context.closed()) {
            context.drainAll();
            link.owner().free(link.context(), address);
        }
    }
}
