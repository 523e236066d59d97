package dev.openppu.guest.inside;

import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Host memory for a device, which can be taken away behind the back of who gave it. */
final class RevocableDma implements DmaSpace {
    private final DmaSpace whole;
    private final Map<Long, DmaMapping> given = new ConcurrentHashMap<>();

    RevocableDma(DmaSpace whole) {
        this.whole = whole;
    }

    /** Unmaps memory. */
    void revoke(MemorySegment memory) {
        given.get(memory.address()).close();
    }

    private DmaMapping remember(DmaMapping mapping) {
        given.put(mapping.memory().address(), mapping);
        return mapping;
    }

    @Override
    public long pageSize() {
        return whole.pageSize();
    }

    @Override
    public List<IovaRange> ranges() {
        return whole.ranges();
    }

    @Override
    public DmaMapping allocate(long bytes, DmaAccess access) {
        return remember(whole.allocate(bytes, access));
    }

    @Override
    public DmaMapping map(MemorySegment memory, DmaAccess access) {
        return remember(whole.map(memory, access));
    }

    @Override
    public DmaMapping map(MemorySegment memory, long iova, DmaAccess access) {
        return remember(whole.map(memory, iova, access));
    }
}
