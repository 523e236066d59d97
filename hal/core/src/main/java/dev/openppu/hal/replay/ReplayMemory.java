package dev.openppu.hal.replay;

import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.HostMappings;
import dev.openppu.hal.record.Checksum;
import dev.openppu.hal.record.RecordedEvent;
import java.lang.foreign.MemorySegment;

/** The host memory that a recorded device reaches: gets what it wrote, and is compared with what it read. Thread-safe. */
public final class ReplayMemory {
    private final HostMappings mappings = new HostMappings();

    public void add(long iova, MemorySegment memory) {
        mappings.add(iova, memory, DmaAccess.BOTH);
    }

    /** The same of a mapping at the IOVA that the recording has. */
    public void add(long iova, DmaMapping mapping) {
        add(iova, mapping.memory());
    }

    public void remove(long iova) {
        mappings.remove(iova);
    }

    /** Puts a record's content where it was; returns whether there is memory. */
    public boolean restore(RecordedEvent event) {
        return mappings.write(event.place(), MemorySegment.ofArray(event.content()));
    }

    /** Whether memory has what the record's checksum says. */
    public boolean has(RecordedEvent event) {
        if (event.size() < 0 || event.size() > 1L << 30) {
            return false;
        }
        MemorySegment content = MemorySegment.ofArray(new byte[(int) event.size()]);
        return mappings.read(event.place(), content) && Checksum.of(content) == event.value();
    }

    /** What memory has in place of a record, as a record. */
    public RecordedEvent instead(RecordedEvent event) {
        byte[] content = new byte[(int) Math.min(event.size(), 1 << 14)];
        MemorySegment read = MemorySegment.ofArray(content);
        mappings.read(event.place(), read);
        return new RecordedEvent(event.number(), event.nanos(), event.thread(), event.kind(), event.unit(), event.place(), event.size(),
                Checksum.of(read), content);
    }
}
