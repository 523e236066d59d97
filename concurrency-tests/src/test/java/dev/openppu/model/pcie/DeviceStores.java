package dev.openppu.model.pcie;

import java.lang.foreign.MemorySegment;

/** The device's hand in host memory: the model's own {@link HostStores}, for tests of what the host sees of it. */
public final class DeviceStores {
    private DeviceStores() {}

    /** A posted store of 2, 4 or 8 bytes. */
    public static void store(MemorySegment host, long offset, int bytes, long value) {
        HostStores.store(host, offset, bytes, value);
    }

    /** A posted write of many bytes. */
    public static void write(MemorySegment host, long offset, MemorySegment device, long bytes) {
        HostStores.write(host, offset, device, 0, bytes, MemorySegment::copy);
    }

    /** A read of packets. */
    public static void readLines(MemorySegment host, long offset, MemorySegment device, long bytes) {
        HostStores.readLines(host, offset, device, 0, bytes);
    }
}
