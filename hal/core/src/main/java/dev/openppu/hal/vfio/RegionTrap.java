package dev.openppu.hal.vfio;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.vfio.VfioDevice;
import dev.openppu.hal.posix.vfio.VfioRegion;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A region by calls. A device that does not answer a read is absent: all ones. */
final class RegionTrap implements MmioTrap {
    private static final ValueLayout.OfLong LITTLE = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int EIO = 5;

    private final VfioDevice device;
    private final VfioRegion region;

    RegionTrap(VfioDevice device, VfioRegion region) {
        this.device = device;
        this.region = region;
    }

    @Override
    public long read(long offset, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
            try {
                device.read(region, offset, value.asSlice(0, bytes));
            } catch (PosixException e) {
                return absent(e, -1L >>> Long.SIZE - 8 * bytes);
            }
            return value.get(LITTLE, 0);
        }
    }

    @Override
    public void write(long offset, int bytes, long value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Long.BYTES, Long.BYTES);
            buffer.set(LITTLE, 0, value);
            try {
                device.write(region, offset, buffer.asSlice(0, bytes));
            } catch (PosixException e) {
                absent(e, 0);
            }
        }
    }

    private long absent(PosixException e, long answer) {
        if (e.errno() == EIO) {
            return answer;
        }
        throw new LinkException("region %d: %s".formatted(region.index(), e.getMessage()), e);
    }
}
