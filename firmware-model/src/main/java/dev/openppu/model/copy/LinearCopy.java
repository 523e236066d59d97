package dev.openppu.model.copy;

import dev.openppu.model.memory.VirtualPort;
import java.lang.foreign.MemorySegment;

/** Bytes from one place to another, ascending. */
final class LinearCopy extends Transfer {
    /** Of a burst that goes through the buffer at a time: what was read is still in the innermost cache of the processor that models this when it is written. */
    private static final long PART_BYTES = 16 << 10;

    private final VirtualPort port;
    private final int context;
    private final MemorySegment buffer;
    private final long source;
    private final long destination;
    private final long length;
    private long done;

    LinearCopy(VirtualPort port, int context, MemorySegment buffer, long source, long destination, long length) {
        this.port = port;
        this.context = context;
        this.buffer = buffer;
        this.source = source;
        this.destination = destination;
        this.length = length;
    }

    @Override
    Step next() {
        long end = done + Math.min(length - done, buffer.byteSize());
        while (done < end) {
            long chunk = Math.min(end - done, PART_BYTES);
            MemorySegment part = buffer.asSlice(0, chunk);
            if (!port.read(context, source + done, part) || !port.write(context, destination + done, part)) {
                return Step.FAULT;
            }
            done += chunk;
            wrote(chunk);
        }
        return done < length ? Step.MORE : Step.DONE;
    }
}
