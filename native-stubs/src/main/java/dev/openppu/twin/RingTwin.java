package dev.openppu.twin;

import java.lang.foreign.MemorySegment;

/** A ring of 64-byte packets whose producer and consumer take turns in one thread. */
public final class RingTwin {
    private RingTwin() {}

    /**
     * Fills and empties the ring until {@code count} packets, a multiple of the ring's, went through.
     *
     * @param ring native, a power of two of packets
     * @param signal 8 bytes, native, counted down by one a packet
     * @return nanoseconds
     */
    public static long run(MemorySegment ring, long count, MemorySegment signal) {
        return TwinCalls.plainRing(ring, ring.byteSize() / HostTwin.PACKET_BYTES, count, signal);
    }
}
