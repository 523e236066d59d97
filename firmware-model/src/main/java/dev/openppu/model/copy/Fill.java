package dev.openppu.model.copy;

import dev.openppu.model.memory.VirtualPort;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One element over and over. Zeros go by a path of their own, which leaves memory that was never written untouched and takes large bursts. */
final class Fill extends Transfer {
    private static final long ZERO_BURST_BYTES = 64L << 20;

    private final VirtualPort port;
    private final int context;
    private final MemorySegment buffer;
    private final boolean zero;
    private final long destination;
    private final long length;
    private long done;

    /** @param length bytes, a multiple of {@code element} */
    Fill(VirtualPort port, int context, MemorySegment buffer, long pattern, int element, long destination, long length) {
        this.port = port;
        this.context = context;
        this.buffer = buffer;
        this.destination = destination;
        this.length = length;
        long value = pattern & (1L << element * Byte.SIZE) - 1;
        this.zero = value == 0;
        for (long at = 0; !zero && at < Math.min(length, buffer.byteSize()); at++) {
            buffer.set(ValueLayout.JAVA_BYTE, at, (byte) (value >>> at % element * Byte.SIZE));
        }
    }

    @Override
    Step next() {
        long chunk = Math.min(length - done, zero ? ZERO_BURST_BYTES : buffer.byteSize());
        long at = destination + done;
        if (!(zero ? port.clear(context, at, chunk) : port.write(context, at, buffer.asSlice(0, chunk)))) {
            return Step.FAULT;
        }
        done += chunk;
        wrote(chunk);
        return done < length ? Step.MORE : Step.DONE;
    }
}
