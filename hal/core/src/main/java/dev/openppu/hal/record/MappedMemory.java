package dev.openppu.hal.record;

import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What of the host's memory a device may reach, with a copy of what was in it when it was last looked at: tells what has changed since. Looking costs one comparison of all of it. For one
 * thread at a time.
 */
final class MappedMemory {
    /** More than that in all is not copied. */
    static final long MOST_BYTES = 256L << 20;
    private static final long LINE = 64;

    private final TreeMap<Long, Range> ranges = new TreeMap<>();
    private long bytes;

    /** Is told of what has changed. */
    interface Change {
        /** @param content at most {@link RecordingFormat#MOST_CONTENT_BYTES} */
        void changed(long iova, MemorySegment content);
    }

    private record Range(long iova, MemorySegment memory, MemorySegment before, DmaAccess access) {
        long end() {
            return iova + memory.byteSize();
        }
    }

    /** Memory counts as zeros until it is looked at; returns whether there is room for a copy. */
    boolean add(DmaMapping mapping) {
        if (mapping.size() > MOST_BYTES - bytes) {
            return false;
        }
        bytes += mapping.size();
        ranges.put(mapping.iova(), new Range(mapping.iova(), mapping.memory(),
                MemorySegment.ofArray(new byte[(int) mapping.size()]), mapping.access()));
        return true;
    }

    void remove(long iova) {
        Range range = ranges.remove(iova);
        if (range != null) {
            bytes -= range.memory.byteSize();
        }
    }

    /** What is there already: will not be told as a change. */
    void known(long iova, MemorySegment data) {
        long done = 0;
        while (done < data.byteSize()) {
            Map.Entry<Long, Range> entry = ranges.floorEntry(iova + done);
            if (entry == null || entry.getValue().end() <= iova + done) {
                return;
            }
            Range range = entry.getValue();
            long part = Math.min(data.byteSize() - done, range.end() - (iova + done));
            MemorySegment.copy(data, done, range.before, iova + done - range.iova, part);
            done += part;
        }
    }

    /** Tells what has changed in ranges of these rights, by lines of 64 bytes, and copies it. */
    void changes(Predicate<DmaAccess> rights, Change change) {
        for (Range range : ranges.values()) {
            if (rights.test(range.access)) {
                changes(range, 0, range.memory.byteSize(), change);
            }
        }
    }

    /** The same of the lines that {@code size} bytes from {@code iova} on touch, whatever the rights. */
    void changes(long iova, long size, Change change) {
        long at = iova;
        for (Map.Entry<Long, Range> entry = ranges.floorEntry(at); entry != null && at < iova + size; entry = ranges.floorEntry(at)) {
            Range range = entry.getValue();
            if (range.end() <= at) {
                return;
            }
            long begin = at - range.iova & -LINE;
            changes(range, begin, Math.min(range.memory.byteSize(), iova + size - range.iova + LINE - 1 & -LINE), change);
            at = range.end();
        }
    }

    private static void changes(Range range, long from, long to, Change change) {
        long at = mismatch(range, from, to);
        while (at < to) {
            long begin = at & -LINE;
            long end = Math.min(to, begin + LINE);
            while (end < to && end - begin < RecordingFormat.MOST_CONTENT_BYTES && mismatch(range, end, to) < end + LINE) {
                end = Math.min(to, end + LINE);
            }
            MemorySegment content = range.before.asSlice(begin, end - begin);
            MemorySegment.copy(range.memory, begin, content, 0, end - begin);
            change.changed(range.iova + begin, content);
            at = mismatch(range, end, to);
        }
    }

    /** The first byte from {@code from} on that differs; {@code to} if none before does. */
    private static long mismatch(Range range, long from, long to) {
        long at = MemorySegment.mismatch(range.memory, from, to, range.before, from, to);
        return at < 0 ? to : from + at;
    }
}
