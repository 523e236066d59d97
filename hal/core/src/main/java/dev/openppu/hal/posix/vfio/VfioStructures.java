package dev.openppu.hal.posix.vfio;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What is handed to the kernel, in the machine's byte order; every structure begins with its own size, so that either side may know more than the other.
 *
 * <pre>
 * group_status     +0 argsz  +4 flags                                                                   8 bytes
 * device_info      +0 argsz  +4 flags  +8 regions  +12 irqs  +16 cap_offset                            24
 * region_info      +0 argsz  +4 flags  +8 index  +12 cap_offset  +16 size  +24 offset                  32
 * irq_info         +0 argsz  +4 flags  +8 index  +12 count                                             16
 * irq_set          +0 argsz  +4 flags  +8 index  +12 start  +16 count  +20 eventfds, 4 each            20 and more
 * hot_reset_info   +0 argsz  +4 flags  +8 count  +12 functions, 8 each: +0 group  +4 segment  +6 bus  +7 devfn   12 and more
 * hot_reset        +0 argsz  +4 flags  +8 count  +12 files of groups, 4 each                            12 and more
 * type1_info       +0 argsz  +4 flags  +8 page sizes  +16 cap_offset                                   24
 * type1_dma_map    +0 argsz  +4 flags  +8 vaddr  +16 iova  +24 size                                    32
 * type1_dma_unmap  +0 argsz  +4 flags  +8 iova  +16 size                                               24
 * bind_iommufd     +0 argsz  +4 flags  +8 iommufd  +12 out: device                                     16
 * attach_pt        +0 argsz  +4 flags  +8 page table or address space                                  12
 * ioas_alloc       +0 size   +4 flags  +8 out: address space                                           12
 * ioas_iova_ranges +0 size   +4 ioas   +8 count  +12 0  +16 array  +24 out: alignment                  32
 * ioas_map         +0 size   +4 flags  +8 ioas   +12 0  +16 vaddr  +24 length  +32 iova                40
 * ioas_unmap       +0 size   +4 ioas   +8 iova   +16 length                                            24
 * </pre>
 */
final class VfioStructures {
    static final int ARGSZ = 0;
    static final int FLAGS = 4;
    static final int DEVICE_INFO_BYTES = 24;
    static final int DEVICE_INFO_IRQS = 12;
    static final int REGION_INFO_BYTES = 32;
    static final int REGION_CAP_OFFSET = 12;
    static final int REGION_SIZE = 16;
    static final int REGION_OFFSET = 24;
    static final int IRQ_INFO_BYTES = 16;
    static final int INDEX = 8;
    static final int IRQ_COUNT = 12;
    static final int HOT_RESET_HEAD = 12;
    static final int HOT_RESET_COUNT = 8;
    static final int DEPENDENT_BYTES = 8;
    static final int TYPE1_INFO_BYTES = 24;
    static final int TYPE1_PAGE_SIZES = 8;
    static final int TYPE1_CAP_OFFSET = 16;
    static final int OUT = 8;
    static final int IOVA_RANGES_COUNT = 8;

    static final int GROUP_VIABLE = 1;
    static final int DEVICE_RESETS = 1;
    static final int INFO_CAPS = 1 << 1;
    static final int IRQ_EVENTFD = 1;

    private static final int SET_DATA_NONE = 1;
    private static final int SET_DATA_EVENTFD = 1 << 2;
    private static final int SET_ACTION_TRIGGER = 1 << 5;
    private static final int DMA_READ = 1;
    private static final int DMA_WRITE = 1 << 1;
    private static final int IOAS_FIXED_IOVA = 1;
    private static final int IOAS_WRITABLE = 1 << 1;
    private static final int IOAS_READABLE = 1 << 2;
    private static final int IRQ_SET_HEAD = 20;

    private VfioStructures() {}

    /** One of so many bytes that says so itself; the rest is zero. */
    static MemorySegment sized(Arena arena, int bytes) {
        MemorySegment structure = arena.allocate(bytes, Long.BYTES);
        structure.set(JAVA_INT, ARGSZ, bytes);
        return structure;
    }

    static MemorySegment indexed(Arena arena, int bytes, int index) {
        MemorySegment structure = sized(arena, bytes);
        structure.set(JAVA_INT, INDEX, index);
        return structure;
    }

    /** Triggers of an interrupt from its first on. */
    static MemorySegment triggers(Arena arena, int index, List<Integer> eventfds) {
        MemorySegment set = irqSet(arena, index, SET_DATA_EVENTFD, eventfds.size(), IRQ_SET_HEAD + Integer.BYTES * eventfds.size());
        for (int i = 0; i < eventfds.size(); i++) {
            set.set(JAVA_INT, IRQ_SET_HEAD + (long) i * Integer.BYTES, eventfds.get(i));
        }
        return set;
    }

    /** Disables an interrupt. */
    static MemorySegment noTriggers(Arena arena, int index) {
        return irqSet(arena, index, SET_DATA_NONE, 0, IRQ_SET_HEAD);
    }

    private static MemorySegment irqSet(Arena arena, int index, int data, int count, int bytes) {
        MemorySegment set = indexed(arena, bytes, index);
        set.set(JAVA_INT, FLAGS, data | SET_ACTION_TRIGGER);
        set.set(JAVA_INT, 16, count);
        return set;
    }

    /** Resets all functions of a slot, which belong to these groups. */
    static MemorySegment hotReset(Arena arena, List<Integer> groups) {
        MemorySegment reset = sized(arena, HOT_RESET_HEAD + Integer.BYTES * groups.size());
        reset.set(JAVA_INT, HOT_RESET_COUNT, groups.size());
        for (int i = 0; i < groups.size(); i++) {
            reset.set(JAVA_INT, HOT_RESET_HEAD + (long) i * Integer.BYTES, groups.get(i));
        }
        return reset;
    }

    static MemorySegment dmaMap(Arena arena, long iova, MemorySegment memory, boolean readable, boolean writable) {
        MemorySegment map = sized(arena, 32);
        map.set(JAVA_INT, FLAGS, (readable ? DMA_READ : 0) | (writable ? DMA_WRITE : 0));
        map.set(JAVA_LONG, 8, memory.address());
        map.set(JAVA_LONG, 16, iova);
        map.set(JAVA_LONG, 24, memory.byteSize());
        return map;
    }

    static MemorySegment dmaUnmap(Arena arena, long iova, long bytes) {
        MemorySegment unmap = sized(arena, 24);
        unmap.set(JAVA_LONG, 8, iova);
        unmap.set(JAVA_LONG, 16, bytes);
        return unmap;
    }

    static MemorySegment bindIommufd(Arena arena, int iommufd) {
        MemorySegment bind = sized(arena, 16);
        bind.set(JAVA_INT, 8, iommufd);
        return bind;
    }

    static MemorySegment attach(Arena arena, int ioas) {
        MemorySegment attach = sized(arena, 12);
        attach.set(JAVA_INT, 8, ioas);
        return attach;
    }

    static MemorySegment ioasRanges(Arena arena, int ioas, int count, MemorySegment array) {
        MemorySegment ranges = sized(arena, 32);
        ranges.set(JAVA_INT, 4, ioas);
        ranges.set(JAVA_INT, IOVA_RANGES_COUNT, count);
        ranges.set(JAVA_LONG, 16, array.address());
        return ranges;
    }

    static MemorySegment ioasMap(Arena arena, int ioas, long iova, MemorySegment memory, boolean readable, boolean writable) {
        MemorySegment map = sized(arena, 40);
        map.set(JAVA_INT, FLAGS, IOAS_FIXED_IOVA | (writable ? IOAS_WRITABLE : 0) | (readable ? IOAS_READABLE : 0));
        map.set(JAVA_INT, 8, ioas);
        map.set(JAVA_LONG, 16, memory.address());
        map.set(JAVA_LONG, 24, memory.byteSize());
        map.set(JAVA_LONG, 32, iova);
        return map;
    }

    static MemorySegment ioasUnmap(Arena arena, int ioas, long iova, long bytes) {
        MemorySegment unmap = sized(arena, 24);
        unmap.set(JAVA_INT, 4, ioas);
        unmap.set(JAVA_LONG, 8, iova);
        unmap.set(JAVA_LONG, 16, bytes);
        return unmap;
    }
}
