package dev.openppu.hal.posix.vfio;

import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaSpace.IovaRange;
import dev.openppu.hal.posix.file.KernelFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.OptionalLong;

/** A container with one IOMMU group in it: {@code /dev/vfio/vfio} and {@code /dev/vfio/N}. The group is this process's as long as it is open. */
public final class VfioGroup implements VfioAddressSpace {
    private static final int API_VERSION = 0;
    private static final int TYPE1V2_IOMMU = 3;
    private static final List<IovaRange> ALL = List.of(new IovaRange(0, Long.MAX_VALUE));

    private final KernelFile container;
    private final KernelFile group;
    private final int number;

    /**
     * Opens both and joins them.
     *
     * @param folder {@code /dev/vfio}
     * @throws dev.openppu.hal.posix.PosixException EACCES, EPERM or ENOENT if a file is not ours, EBUSY if another process has the group
     * @throws LinkException if the kernel's interface is none that we know, or a device of the group belongs to another driver
     */
    public VfioGroup(String folder, int number) {
        this.number = number;
        this.container = KernelFile.open(folder + "/vfio");
        try {
            this.group = KernelFile.open(folder + "/" + number);
        } catch (RuntimeException e) {
            container.close();
            throw e;
        }
        try {
            join();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void join() {
        int version = ask(container, VfioRequest.GET_API_VERSION, 0);
        if (version != API_VERSION || ask(container, VfioRequest.CHECK_EXTENSION, TYPE1V2_IOMMU) != 1) {
            throw new LinkException(
                    "the kernel's VFIO has version %d and perhaps no IOMMU of type 1: load vfio_iommu_type1".formatted(version));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = VfioStructures.sized(arena, 8);
            ask(group, VfioRequest.GROUP_GET_STATUS, status);
            if ((status.get(ValueLayout.JAVA_INT, VfioStructures.FLAGS) & VfioStructures.GROUP_VIABLE) == 0) {
                throw new LinkException(
                        "IOMMU group %d is not viable: bind every device in /sys/kernel/iommu_groups/%1$d/devices to vfio-pci"
                                .formatted(number));
            }
            ask(group, VfioRequest.GROUP_SET_CONTAINER, arena.allocateFrom(ValueLayout.JAVA_INT, container.number()));
        }
        ask(container, VfioRequest.SET_IOMMU, TYPE1V2_IOMMU);
    }

    /** Opens a device of the group. */
    public VfioDevice device(String address) {
        try (Arena arena = Arena.ofConfined()) {
            int number = ask(group, VfioRequest.GROUP_GET_DEVICE_FD, arena.allocateFrom(address));
            return new VfioDevice(new KernelFile(number));
        }
    }

    @Override
    public List<IovaRange> ranges() {
        try (Arena arena = Arena.ofConfined()) {
            return information(arena).pairs(CapabilityChain.IOVA_RANGE)
                    .map(pairs -> pairs.stream().map(pair -> new IovaRange(pair.left(), pair.right())).toList()).orElse(ALL);
        }
    }

    @Override
    public OptionalLong mappingsLeft() {
        try (Arena arena = Arena.ofConfined()) {
            return information(arena).number(CapabilityChain.DMA_AVAILABLE).map(OptionalLong::of).orElse(OptionalLong.empty());
        }
    }

    @Override
    public long pageSizes() {
        try (Arena arena = Arena.ofConfined()) {
            return whole(arena).get(ValueLayout.JAVA_LONG, VfioStructures.TYPE1_PAGE_SIZES);
        }
    }

    private CapabilityChain information(Arena arena) {
        MemorySegment information = whole(arena);
        boolean chain = (information.get(ValueLayout.JAVA_INT, VfioStructures.FLAGS) & VfioStructures.INFO_CAPS) != 0;
        return new CapabilityChain(information, chain ? information.get(ValueLayout.JAVA_INT, VfioStructures.TYPE1_CAP_OFFSET) : 0);
    }

    private MemorySegment whole(Arena arena) {
        return Growing.ask(arena, VfioStructures.TYPE1_INFO_BYTES, bytes -> VfioStructures.sized(arena, bytes),
                structure -> ask(container, VfioRequest.IOMMU_GET_INFO, structure));
    }

    @Override
    public void map(long iova, MemorySegment memory, boolean readable, boolean writable) {
        try (Arena arena = Arena.ofConfined()) {
            ask(container, VfioRequest.IOMMU_MAP_DMA, VfioStructures.dmaMap(arena, iova, memory, readable, writable));
        }
    }

    @Override
    public void unmap(long iova, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            ask(container, VfioRequest.IOMMU_UNMAP_DMA, VfioStructures.dmaUnmap(arena, iova, bytes));
        }
    }

    @Override
    public boolean owns(HotResetScope scope) {
        return scope.within(number);
    }

    @Override
    public List<Integer> owners() {
        return List.of(group.number());
    }

    static int ask(KernelFile file, VfioRequest request, MemorySegment structure) {
        return file.ask(request.number(), structure, request.name());
    }

    static int ask(KernelFile file, VfioRequest request, long value) {
        return file.ask(request.number(), value, request.name());
    }

    /** After its devices: a container without groups has no mappings. */
    @Override
    public void close() {
        group.close();
        container.close();
    }
}
