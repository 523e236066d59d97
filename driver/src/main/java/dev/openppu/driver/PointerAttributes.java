package dev.openppu.driver;

/**
 * What a virtual address of a context belongs to.
 *
 * @param memory the allocation
 * @param base its first address
 * @param size its bytes
 * @param offset of the address asked for
 */
public record PointerAttributes(DeviceMemory memory, long base, long size, long offset) {
    public MemoryKind kind() {
        return memory.kind();
    }

    public Context context() {
        return memory.context();
    }
}
