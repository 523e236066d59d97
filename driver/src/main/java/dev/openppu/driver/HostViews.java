package dev.openppu.driver;

import dev.openppu.driver.owner.OwnerService.Access;
import dev.openppu.driver.owner.OwnerService.PinnedGrant;
import dev.openppu.driver.sync.LinkLock;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Portable host memory as the contexts reach it that it does not belong to: mapped there on first use. Thread-safe. */
final class HostViews {
    private final HostMemory memory;
    private final boolean portable;
    private final Access access;
    private final LinkLock lock;
    private final Map<Context, RegisteredBuffer> views = new LinkedHashMap<>();

    HostViews(HostMemory memory, boolean portable, Access access) {
        this.memory = memory;
        this.portable = portable;
        this.access = access;
        this.lock = new LinkLock(memory.context().link().runtime());
    }

    DeviceMemory in(Context other, MemorySegment segment) {
        if (other == memory.context()) {
            return memory;
        }
        if (!portable) {
            throw other.link().invalid(memory.toString(),
                    "it belongs to another context than context " + other.id() + " and is not PORTABLE",
                    "make it PORTABLE, or use memory of the same context");
        }
        lock.lock();
        try {
            RegisteredBuffer view = views.get(other);
            if (view == null || other.closed()) {
                PinnedGrant grant = other.link().owner().registerHost(other.link().context(), segment, access);
                view = new RegisteredBuffer(other, grant, false, access);
                views.put(other, view);
            }
            return view;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        List<RegisteredBuffer> all = List.copyOf(views.values());
        views.clear();
        lock.unlock();
        all.forEach(RegisteredBuffer::close);
    }
}
