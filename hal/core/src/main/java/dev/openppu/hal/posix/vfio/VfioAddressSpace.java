package dev.openppu.hal.posix.vfio;

import dev.openppu.hal.dma.DmaSpace.IovaRange;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalLong;

/** What devices see of this process's memory, by one of the kernel's two interfaces. Thread-safe. */
public interface VfioAddressSpace extends AutoCloseable {
    /** Usable IOVAs, ascending. */
    List<IovaRange> ranges();

    /** Sizes of pages that the IOMMU has, a bit each. */
    long pageSizes();

    /** How many more mappings the kernel allows now; empty if it does not say. */
    OptionalLong mappingsLeft();

    /**
     * Pins memory and maps it.
     *
     * @throws dev.openppu.hal.posix.PosixException ENOMEM at the limit of locked memory, ENOSPC at that of mappings, EEXIST if the range is mapped
     */
    void map(long iova, MemorySegment memory, boolean readable, boolean writable);

    /** When it returns no device reaches the range any more. */
    void unmap(long iova, long bytes);

    /** Whether everything that such a reset takes along is in this address space. */
    boolean owns(HotResetScope scope);

    /** Files that prove to the kernel that it is. */
    List<Integer> owners();

    @Override
    void close();
}
