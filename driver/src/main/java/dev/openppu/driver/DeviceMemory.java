package dev.openppu.driver;

import java.util.Objects;

/** Memory that engines reach by virtual address: device memory, pinned or registered host memory, or a part of any. */
public sealed interface DeviceMemory permits HeldMemory, PooledBuffer, HostMemory, DeviceSlice {
    /** Whose address space it is in. */
    Context context();

    /** Where its bytes are. */
    MemoryKind kind();

    /** Virtual address of the first byte. */
    long address();

    /** Bytes. */
    long size();

    /** Throws {@link PpuException} if it was closed. */
    void requireOpen();

    /**
     * A part, valid as long as this memory is.
     *
     * @throws IndexOutOfBoundsException if the part is not inside
     */
    default DeviceSlice slice(long offset, long size) {
        Objects.checkFromIndexSize(offset, size, size());
        return new DeviceSlice(this, offset, size);
    }
}
