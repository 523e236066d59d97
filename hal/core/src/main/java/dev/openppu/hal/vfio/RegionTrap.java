package dev.openppu.hal.vfio;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.mmio.MappedMmio;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.posix.PosixException;
import dev.openppu.hal.posix.vfio.VfioDevice;
import dev.openppu.hal.posix.vfio.VfioRegion;
import dev.openppu.hal.posix.vfio.VfioRegion.Area;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** A region by calls; by loads and stores where a part of it is mapped. A device that does not answer a read is absent: all ones. */
final class RegionTrap implements MmioTrap {
    private static final ValueLayout.OfLong LITTLE = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int EIO = 5;

    private final VfioDevice device;
    private final VfioRegion region;
    private final List<MappedArea> mapped;

    /** A mapped part, and where it is in the region. */
    record MappedArea(Area area, Mmio memory) {
        MappedArea(Area area, MemorySegment memory) {
            this(area, new MappedMmio(memory));
        }

        boolean has(long offset, long bytes) {
            return offset >= area.offset() && offset - area.offset() <= area.size() - bytes;
        }
    }

    RegionTrap(VfioDevice device, VfioRegion region, List<MappedArea> mapped) {
        this.device = device;
        this.region = region;
        this.mapped = List.copyOf(mapped);
    }

    @Override
    public long read(long offset, int bytes) {
        for (MappedArea part : mapped) {
            if (part.has(offset, bytes)) {
                return load(part.memory, offset - part.area.offset(), bytes);
            }
        }
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
        for (MappedArea part : mapped) {
            if (part.has(offset, bytes)) {
                store(part.memory, offset - part.area.offset(), bytes, value);
                return;
            }
        }
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

    private static long load(Mmio memory, long offset, int bytes) {
        return switch (bytes) {
            case 1 -> memory.read8(offset) & 0xFFL;
            case 2 -> memory.read16(offset) & 0xFFFFL;
            case 4 -> memory.read32(offset) & 0xFFFF_FFFFL;
            default -> memory.read64(offset);
        };
    }

    private static void store(Mmio memory, long offset, int bytes, long value) {
        switch (bytes) {
            case 1 -> memory.write8(offset, (byte) value);
            case 2 -> memory.write16(offset, (short) value);
            case 4 -> memory.write32(offset, (int) value);
            default -> memory.write64(offset, value);
        }
    }
}
