package dev.openppu.driver;

import java.lang.foreign.MemorySegment;

/** Memory of the host that engines of a context reach: {@link PinnedBuffer} and {@link RegisteredBuffer}. */
public sealed interface HostMemory extends DeviceMemory permits HeldHostMemory {
    /** The host's view. What the device wrote is visible after waiting for the work that wrote it. */
    MemorySegment segment();

    /**
     * The same memory as another context's engines reach it; valid until this memory is closed. Copies and fills of other contexts take portable memory as it is.
     *
     * @throws PpuException INVALID_VALUE (1) if it is another context's and this memory is not PORTABLE
     */
    DeviceMemory in(Context other);
}
