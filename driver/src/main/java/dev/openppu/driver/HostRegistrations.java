package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.client.ContextLink;
import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import dev.openppu.driver.sync.LinkLock;
import dev.openppu.hal.DeviceLink;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which host memory is registered with a device, by host address: none of it twice. Thread-safe. */
final class HostRegistrations {
    private final DeviceLink link;
    private final LinkLock lock;
    private final TreeMap<Long, RegisteredBuffer> byAddress = new TreeMap<>();

    HostRegistrations(DeviceLink link) {
        this.link = link;
        this.lock = new LinkLock(link.runtime());
    }

    RegisteredBuffer register(Context context, MemorySegment memory, Set<HostMemoryFlag> flags) {
        requireMappable(context.link(), memory, flags);
        Access access = flags.contains(HostMemoryFlag.READ_ONLY) ? Access.READ : Access.READ_WRITE;
        lock.lock();
        try {
            byAddress.values().removeIf(old -> old.context().closed());
            requireNew(context.link(), memory);
            PinnedGrant grant = context.link().owner().registerHost(context.link().context(), memory, access);
            RegisteredBuffer buffer = new RegisteredBuffer(context, grant, flags.contains(HostMemoryFlag.PORTABLE), access);
            byAddress.put(memory.address(), buffer);
            return buffer;
        } finally {
            lock.unlock();
        }
    }

    private void requireMappable(ContextLink client, MemorySegment memory, Set<HostMemoryFlag> flags) {
        long page = link.dma().pageSize();
        String object = "host memory of %d bytes".formatted(memory.byteSize());
        if (flags.contains(HostMemoryFlag.IOMEMORY)) {
            throw new PpuException(
                    Failure.of(HgResult.NOT_SUPPORTED, client.device(), object, "IOMEMORY is not supported", "leave it out"));
        }
        HostSegments.requireAlive(client, memory);
        if (!memory.isNative() || memory.isReadOnly()) {
            throw client.invalid(object, memory.isReadOnly() ? "the segment is read-only" : "the segment is on the heap",
                    "give a writable native segment; READ_ONLY says that the device may not write");
        }
        if (memory.byteSize() == 0 || memory.byteSize() % page != 0 || memory.address() % page != 0) {
            throw client.invalid(object, "it is not whole pages of %d bytes".formatted(page),
                    "allocate it with alignment %d".formatted(page));
        }
    }

    private void requireNew(ContextLink client, MemorySegment memory) {
        Map.Entry<Long, RegisteredBuffer> below = byAddress.lowerEntry(memory.address() + memory.byteSize());
        if (below != null && below.getKey() + below.getValue().size() > memory.address()) {
            throw new PpuException(Failure.of(HgResult.HOST_MEMORY_ALREADY_REGISTERED, client.device(), below.getValue().toString(),
                    "host memory at 0x%x is registered already".formatted(memory.address()),
                    "close it first, or use it: PORTABLE serves all contexts"));
        }
    }

    /** By the host address that it begins at. */
    RegisteredBuffer find(ContextLink client, MemorySegment memory) {
        lock.lock();
        try {
            RegisteredBuffer buffer = byAddress.get(memory.address());
            if (buffer == null) {
                throw new PpuException(Failure.of(HgResult.HOST_MEMORY_NOT_REGISTERED, client.device(),
                        "host memory at 0x%x".formatted(memory.address()), "it is not registered", "unregister what was registered, once"));
            }
            return buffer;
        } finally {
            lock.unlock();
        }
    }

    void forget(RegisteredBuffer buffer) {
        lock.lock();
        byAddress.values().remove(buffer);
        lock.unlock();
    }
}
