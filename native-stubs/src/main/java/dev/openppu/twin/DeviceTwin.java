package dev.openppu.twin;

import java.lang.foreign.MemorySegment;

/**
 * The consumer of one queue, in C, on a thread of its own: takes packets in order, posts the read index, counts completion signals down. Addresses in packets are
 * addresses of this process. It does for a Java host what it does for a C host.
 */
public final class DeviceTwin implements AutoCloseable {
    private final MemorySegment device;
    private boolean stopped;

    /** What the device looks at to learn of a packet. */
    public enum Watch {
        HEADER, DOORBELL
    }

    private DeviceTwin(MemorySegment device) {
        this.device = device;
    }

    /**
     * Begins at the index that {@code readIndex} holds.
     *
     * @param ring 64-byte packets, a power of two of them; this and the other segments must be native and outlive the device
     * @param readIndex 8 bytes where the device posts how many packets it has taken
     * @param doorbell 8 bytes that hold the index of the last packet made valid
     * @param cpu where its thread runs, or -1 for anywhere
     */
    public static DeviceTwin start(MemorySegment ring, MemorySegment readIndex, MemorySegment doorbell, Watch watch, int cpu) {
        return started(TwinCalls.deviceStart(ring, ring.byteSize() / HostTwin.PACKET_BYTES, readIndex, doorbell, watch.ordinal(), cpu));
    }

    static DeviceTwin started(MemorySegment device) {
        if (device.address() == 0) {
            throw new IllegalStateException("the C device has no thread: too many, or out of memory");
        }
        return new DeviceTwin(device);
    }

    /** Lets the device empty its ring and ends its thread. Idempotent. */
    @Override
    public void close() {
        if (!stopped) {
            stopped = true;
            TwinCalls.deviceStop(device);
        }
    }
}
