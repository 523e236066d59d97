package dev.openppu.twin;

import java.lang.foreign.MemorySegment;

/** A C host and its queue of barrier packets. Times are nanoseconds for all of {@code count}. */
public final class HostTwin implements AutoCloseable {
    static final int PACKET_BYTES = 64;

    private final MemorySegment host;
    private boolean closed;

    private HostTwin(MemorySegment host) {
        this.host = host;
    }

    /** @param packets of the ring, a power of two */
    public static HostTwin open(long packets) {
        MemorySegment host = TwinCalls.hostOpen(packets);
        if (host.address() == 0) {
            throw new IllegalStateException("the C host has no memory");
        }
        return new HostTwin(host);
    }

    /** A device for this queue. */
    public DeviceTwin device(DeviceTwin.Watch watch, int cpu) {
        return DeviceTwin.started(TwinCalls.hostDevice(host, watch.ordinal(), cpu));
    }

    /** Submits a packet, polls until it has completed, and again; each time goes into the histogram. */
    public long roundTrips(long count, Histogram histogram) {
        return TwinCalls.hostRoundTrips(host, count, histogram.counts());
    }

    /** Submits packets as fast as the device takes them and waits for the last. */
    public long stream(long count, long perDoorbell) {
        return TwinCalls.hostStream(host, count, perDoorbell);
    }

    /** As {@link #stream}, by several threads. */
    public long producers(long countEach, int producers) {
        return TwinCalls.hostProducers(host, countEach, producers);
    }

    /** Times single submissions, while it makes and drops memory between them. */
    public long underLoad(long count, long garbageBytes, Histogram histogram) {
        return TwinCalls.hostUnderLoad(host, count, garbageBytes, histogram.counts());
    }

    /** Its device must have been closed. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            TwinCalls.hostClose(host);
        }
    }
}
