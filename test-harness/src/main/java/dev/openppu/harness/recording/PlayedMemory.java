package dev.openppu.harness.recording;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.dma.HostPages;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.replay.ReplayMemory;
import java.util.HashMap;
import java.util.Map;

/** Host memory of the recording, mapped for another device at the same IOVAs. For one thread. */
final class PlayedMemory implements AutoCloseable {
    private static final long MOST_BYTES = 1L << 32;

    private final DmaSpace space;
    private final HostPages pages = HostPages.ofProcess();
    private final ReplayMemory memory = new ReplayMemory();
    private final Map<Long, DmaMapping> mappings = new HashMap<>();
    private long bytes;

    PlayedMemory(DmaSpace space) {
        this.space = space;
    }

    void map(RecordedEvent event) {
        bytes += event.size();
        if (event.size() <= 0 || bytes > MOST_BYTES || event.unit() >= DmaAccess.values().length) {
            throw new LinkException("record %d maps %d bytes of host memory; in all at most %d are mapped here".formatted(event.number(),
                    event.size(), MOST_BYTES));
        }
        DmaMapping mapping = space.map(pages.allocate(event.size()), event.place(), DmaAccess.values()[event.unit()]);
        mappings.put(event.place(), mapping);
        memory.add(event.place(), mapping);
    }

    void unmap(RecordedEvent event) {
        DmaMapping mapping = mappings.remove(event.place());
        if (mapping != null) {
            bytes -= mapping.size();
            memory.remove(event.place());
            mapping.close();
            pages.release(mapping.memory());
        }
    }

    void hostWrote(RecordedEvent event) {
        memory.restore(event);
    }

    boolean has(RecordedEvent event) {
        return memory.has(event);
    }

    RecordedEvent instead(RecordedEvent event) {
        return memory.instead(event);
    }

    @Override
    public void close() {
        mappings.values().forEach(DmaMapping::close);
        pages.close();
    }
}
