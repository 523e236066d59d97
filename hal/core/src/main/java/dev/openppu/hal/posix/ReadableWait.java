package dev.openppu.hal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/** Waits until a descriptor has something to read, or has ended; allocates nothing. For one thread. */
public final class ReadableWait {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final MemorySegment entry = Arena.ofAuto().allocate(DescriptorCalls.POLLFD);
    private final MemorySegment time = Arena.ofAuto().allocate(DescriptorCalls.TIMESPEC);
    private final Descriptor descriptor;

    public ReadableWait(Descriptor descriptor) {
        this.descriptor = descriptor;
        DescriptorCalls.FD.set(entry, 0L, descriptor.number());
        DescriptorCalls.EVENTS.set(entry, 0L, DescriptorCalls.POLLIN);
    }

    /**
     * Waits.
     *
     * @param nanos at most this long, 0 for a look
     * @return whether there is something to read, or will never be: {@code true} too if this side was closed
     */
    public boolean await(long nanos) {
        if (!descriptor.enter()) {
            return true;
        }
        try {
            time.set(ValueLayout.JAVA_LONG, 0, nanos / SECOND);
            time.set(ValueLayout.JAVA_LONG, Long.BYTES, nanos % SECOND);
            return DescriptorCalls.ppoll(entry, time) != 0;
        } finally {
            descriptor.leave();
        }
    }
}
