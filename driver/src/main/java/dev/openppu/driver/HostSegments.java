package dev.openppu.driver;

import dev.openppu.driver.client.ContextLink;
import java.lang.foreign.MemorySegment;

/** What must be true of a caller's segment before anything is submitted: later it would be too late. */
final class HostSegments {
    private HostSegments() {}

    /** @throws PpuException INVALID_VALUE (1) if its arena is closed, or another thread's */
    static void requireAlive(ContextLink link, MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw link.invalid("host memory", "the segment's arena is closed", "keep it open until the work is done");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw link.invalid("host memory", "the segment's arena is confined to another thread", "use a shared arena");
        }
    }

    /** As {@link #requireAlive}; INVALID_VALUE (1) for a read-only segment too. */
    static void requireWritable(ContextLink link, MemorySegment segment) {
        requireAlive(link, segment);
        if (segment.isReadOnly()) {
            throw link.invalid("host memory", "the destination of a copy is a read-only segment", "give a writable one");
        }
    }
}
