package dev.openppu.hal.record;

import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaObserver;
import dev.openppu.hal.dma.DmaSpace;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** IOVA mappings, each recorded. */
final class RecordingDmaSpace implements DmaSpace {
    private final Recorder recorder;
    private final DmaSpace device;

    RecordingDmaSpace(Recorder recorder, DmaSpace device) {
        this.recorder = recorder;
        this.device = device;
    }

    @Override
    public long pageSize() {
        return device.pageSize();
    }

    @Override
    public List<IovaRange> ranges() {
        return device.ranges();
    }

    @Override
    public boolean observe(DmaObserver observer) {
        return false;
    }

    @Override
    public DmaMapping allocate(long bytes, DmaAccess access) {
        return map(Kind.ALLOCATE, access, bytes, () -> device.allocate(bytes, access));
    }

    @Override
    public DmaMapping map(MemorySegment memory, DmaAccess access) {
        return map(Kind.MAP, access, 0, () -> device.map(memory, access));
    }

    @Override
    public DmaMapping map(MemorySegment memory, long iova, DmaAccess access) {
        return map(Kind.MAP_AT, access, 0, () -> device.map(memory, iova, access));
    }

    private DmaMapping map(Kind kind, DmaAccess access, long asked, Supplier<DmaMapping> map) {
        recorder.look();
        try {
            DmaMapping mapping = map.get();
            recorder.call(kind, access.ordinal(), mapping.iova(), mapping.size(), asked);
            recorder.map(mapping);
            return new Recorded(mapping);
        } catch (RuntimeException e) {
            recorder.failed(kind, e);
            throw e;
        }
    }

    private final class Recorded implements DmaMapping {
        private final DmaMapping mapping;
        private final AtomicBoolean closed = new AtomicBoolean();

        Recorded(DmaMapping mapping) {
            this.mapping = mapping;
        }

        @Override
        public long iova() {
            return mapping.iova();
        }

        @Override
        public long size() {
            return mapping.size();
        }

        @Override
        public DmaAccess access() {
            return mapping.access();
        }

        @Override
        public MemorySegment memory() {
            return mapping.memory();
        }

        /** The memory may be gone when the mapping is: what is in it is looked at before. */
        @Override
        public void close() {
            if (closed.getAndSet(true)) {
                mapping.close();
                return;
            }
            recorder.look();
            recorder.unmap(mapping.iova());
            try {
                mapping.close();
                recorder.call(Kind.UNMAP, 0, mapping.iova(), 0, 0);
            } catch (RuntimeException e) {
                recorder.failed(Kind.UNMAP, e);
                throw e;
            }
        }
    }
}
