package dev.openppu.harness.recording;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.dma.HostPages;
import dev.openppu.hal.record.RecordedEvent;
import dev.openppu.hal.replay.ReplayMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Host memory of the recording, mapped for another device at the same IOVAs. The recording has what the host wrote by lines of 64 bytes, in which the recorded device may have written, too: beside the memory there is
 * a copy of it as it was in the recording, and only words that the host has changed there are written here. For one thread.
 */
final class PlayedMemory implements AutoCloseable {
    private static final long MOST_BYTES = 1L << 32;
    /** As much as a recording has the content of. */
    private static final long MOST_COPIED_BYTES = 256L << 20;

    private final DmaSpace space;
    private final HostPages pages = HostPages.ofProcess();
    private final ReplayMemory memory = new ReplayMemory();
    private final Map<Long, DmaMapping> mappings = new HashMap<>();
    private final Set<Long> copies = new HashSet<>();
    private final ReplayMemory recorded = new ReplayMemory();
    private long bytes;
    private long copied;

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
        if (mapping.size() <= MOST_COPIED_BYTES - copied) {
            copied += mapping.size();
            recorded.add(event.place(),
                    MemorySegment.ofArray(new long[(int) ((mapping.size() + Long.BYTES - 1) / Long.BYTES)]).asSlice(0, mapping.size()));
            copies.add(event.place());
        }
    }

    /** Bytes of the mapping that begins there; 0 if none does. */
    long size(long iova) {
        DmaMapping mapping = mappings.get(iova);
        return mapping == null ? 0 : mapping.size();
    }

    void unmap(RecordedEvent event) {
        DmaMapping mapping = mappings.remove(event.place());
        if (mapping != null) {
            bytes -= mapping.size();
            memory.remove(event.place());
            if (copies.remove(event.place())) {
                copied -= mapping.size();
                recorded.remove(event.place());
            }
            mapping.close();
            pages.release(mapping.memory());
        }
    }

    /** Writes what the recorded host has changed; returns it. */
    List<RecordedEvent> hostWrote(RecordedEvent event) {
        RecordedEvent before = recorded.instead(event);
        List<RecordedEvent> changes = recorded.restore(event) ? changes(event, before.content()) : List.of(event);
        changes.forEach(memory::restore);
        return changes;
    }

    /** The recorded device has written; the one here does so by itself. */
    void deviceWrote(RecordedEvent event) {
        recorded.restore(event);
    }

    /** Runs of words of eight bytes that are others. */
    private static List<RecordedEvent> changes(RecordedEvent event, byte[] before) {
        List<RecordedEvent> changes = new ArrayList<>();
        byte[] content = event.content();
        int begin = -1;
        for (int at = 0, next; at < content.length; at = next) {
            next = Math.min(content.length, at + Long.BYTES - (int) (event.place() + at & Long.BYTES - 1));
            boolean changed = !Arrays.equals(before, at, Math.min(next, before.length), content, at, next);
            if (changed && begin < 0) {
                begin = at;
            } else if (!changed && begin >= 0) {
                changes.add(event.part(begin, at));
                begin = -1;
            }
        }
        if (begin >= 0) {
            changes.add(event.part(begin, content.length));
        }
        return changes;
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
