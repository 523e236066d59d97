package dev.openppu.hal.posix.vfio;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaSpace.IovaRange;
import dev.openppu.hal.posix.HostMemory;
import dev.openppu.hal.posix.file.KernelFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * An address space of {@code /dev/iommu}, for devices opened by files of their own ({@code /dev/vfio/devices/vfioN}). Written to the documented interface (Linux 6.6 and later) and tested no
 * further than the bytes of its structures: the kernels that the tests boot are built without it.
 */
public final class IommuFile implements VfioAddressSpace {
    private static final int MOST_RANGES = 64;
    private static final int RANGE_BYTES = 16;

    private final KernelFile file;
    private final int space;

    /** @param path {@code /dev/iommu} */
    public IommuFile(String path) {
        this.file = KernelFile.open(path);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment alloc = VfioStructures.sized(arena, 12);
            VfioGroup.ask(file, VfioRequest.IOAS_ALLOC, alloc);
            this.space = alloc.get(ValueLayout.JAVA_INT, VfioStructures.OUT);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Opens a device by its file and attaches it to this address space. */
    public VfioDevice device(String path) {
        KernelFile device = KernelFile.open(path);
        try (Arena arena = Arena.ofConfined()) {
            VfioGroup.ask(device, VfioRequest.DEVICE_BIND_IOMMUFD, VfioStructures.bindIommufd(arena, file.number()));
            VfioGroup.ask(device, VfioRequest.DEVICE_ATTACH_IOMMUFD_PT, VfioStructures.attach(arena, space));
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
        return new VfioDevice(device);
    }

    @Override
    public List<IovaRange> ranges() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment array = arena.allocate((long) MOST_RANGES * RANGE_BYTES, Long.BYTES);
            MemorySegment ask = VfioStructures.ioasRanges(arena, space, MOST_RANGES, array);
            VfioGroup.ask(file, VfioRequest.IOAS_IOVA_RANGES, ask);
            int count = ask.get(ValueLayout.JAVA_INT, VfioStructures.IOVA_RANGES_COUNT);
            if (count < 0 || count > MOST_RANGES) {
                throw new LinkException("/dev/iommu says that there are %d ranges of IOVAs".formatted(count));
            }
            List<IovaRange> ranges = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long at = (long) i * RANGE_BYTES;
                ranges.add(new IovaRange(array.get(ValueLayout.JAVA_LONG, at), array.get(ValueLayout.JAVA_LONG, at + Long.BYTES)));
            }
            return List.copyOf(ranges);
        }
    }

    /** The system's: the interface keeps the IOMMU's to itself. */
    @Override
    public long pageSizes() {
        return HostMemory.pageSize();
    }

    @Override
    public OptionalLong mappingsLeft() {
        return OptionalLong.empty();
    }

    @Override
    public void map(long iova, MemorySegment memory, boolean readable, boolean writable) {
        try (Arena arena = Arena.ofConfined()) {
            VfioGroup.ask(file, VfioRequest.IOAS_MAP, VfioStructures.ioasMap(arena, space, iova, memory, readable, writable));
        }
    }

    @Override
    public void unmap(long iova, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            VfioGroup.ask(file, VfioRequest.IOAS_UNMAP, VfioStructures.ioasUnmap(arena, space, iova, bytes));
        }
    }

    @Override
    public boolean owns(HotResetScope scope) {
        return scope.owned();
    }

    @Override
    public List<Integer> owners() {
        return List.of();
    }

    /** After its devices. */
    @Override
    public void close() {
        file.close();
    }
}
