package dev.openppu.hal.replay;

import dev.openppu.hal.dma.CallersMemory;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.dma.HostPages;
import dev.openppu.hal.record.Kind;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.record.RecordingInfo;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Host memory at the IOVAs that the recording has. */
final class ReplayDmaSpace implements DmaSpace {
    private final ReplayCalls calls;
    private final ReplayMemory memory;
    private final RecordingInfo info;
    private final HostPages pages = HostPages.ofProcess();

    ReplayDmaSpace(ReplayCalls calls, ReplayMemory memory, RecordingInfo info) {
        this.calls = calls;
        this.memory = memory;
        this.info = info;
    }

    @Override
    public long pageSize() {
        return info.pageBytes();
    }

    @Override
    public List<IovaRange> ranges() {
        return info.ranges();
    }

    @Override
    public DmaMapping allocate(long bytes, DmaAccess access) {
        RecordedEvent event = calls.call(Kind.ALLOCATE, access.ordinal(), 0, 0, bytes);
        if (event.size() < bytes || event.size() % info.pageBytes() != 0 || event.size() > bytes + info.pageBytes()) {
            throw calls.cannot("%d bytes of memory were recorded where %d are asked for".formatted(event.size(), bytes));
        }
        return new Replayed(event.place(), pages.allocate(event.size()), access, true);
    }

    @Override
    public DmaMapping map(MemorySegment segment, DmaAccess access) {
        CallersMemory.require(segment, info.pageBytes());
        return new Replayed(calls.call(Kind.MAP, access.ordinal(), 0, segment.byteSize(), 0).place(), segment, access, false);
    }

    @Override
    public DmaMapping map(MemorySegment segment, long iova, DmaAccess access) {
        CallersMemory.require(segment, info.pageBytes());
        calls.call(Kind.MAP_AT, access.ordinal(), iova, segment.byteSize(), 0);
        return new Replayed(iova, segment, access, false);
    }

    void close() {
        pages.close();
    }

    private final class Replayed implements DmaMapping {
        private final long iova;
        private final MemorySegment segment;
        private final DmaAccess access;
        private final boolean owned;
        private final AtomicBoolean closed = new AtomicBoolean();

        Replayed(long iova, MemorySegment segment, DmaAccess access, boolean owned) {
            this.iova = iova;
            this.segment = segment;
            this.access = access;
            this.owned = owned;
            memory.add(iova, segment);
        }

        @Override
        public long iova() {
            return iova;
        }

        @Override
        public long size() {
            return segment.byteSize();
        }

        @Override
        public DmaAccess access() {
            return access;
        }

        @Override
        public MemorySegment memory() {
            return segment;
        }

        @Override
        public void close() {
            if (!closed.getAndSet(true)) {
                try {
                    calls.call(Kind.UNMAP, 0, iova, 0, 0);
                } finally {
                    memory.remove(iova);
                    if (owned) {
                        pages.release(segment);
                    }
                }
            }
        }
    }
}
