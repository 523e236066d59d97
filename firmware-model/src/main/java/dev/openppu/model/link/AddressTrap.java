package dev.openppu.model.link;

import dev.openppu.hal.mmio.MmioTrap;
import java.lang.foreign.MemorySegment;

/** Turns offsets in a BAR into bus addresses. What answers there is decided when the access arrives: a BAR that has moved since leaves all ones. */
final class AddressTrap implements MmioTrap {
    private final HostAccess host;
    private final long base;

    AddressTrap(HostAccess host, long base) {
        this.host = host;
        this.base = base;
    }

    @Override
    public long read(long offset, int bytes) {
        return host.read(base + offset, bytes);
    }

    @Override
    public void write(long offset, int bytes, long value) {
        host.write(base + offset, bytes, value);
    }

    @Override
    public void readBytes(long offset, MemorySegment destination) {
        if (destination.byteSize() > 0) {
            host.read(base + offset, destination);
        }
    }

    @Override
    public void writeBytes(long offset, MemorySegment source) {
        if (source.byteSize() > 0) {
            host.write(base + offset, source);
        }
    }
}
