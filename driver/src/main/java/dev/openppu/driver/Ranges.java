package dev.openppu.driver;

import dev.openppu.driver.client.ContextLink;

/**
 * Ranges of memory as the callers of one object name them: checked, and turned into addresses of its context.
 *
 * @param user whose callers they are, for messages
 */
record Ranges(Context context, Object user) {

    /** Address of {@code bytes} bytes in a memory that the context's engines reach. */
    long address(DeviceMemory memory, long offset, long bytes) {
        memory.requireOpen();
        DeviceMemory own = context.resolve(memory);
        requireInside(memory, offset, bytes);
        return own.address() + offset;
    }

    /** Address of one value of 1, 2, 4 or 8 bytes, which is a multiple of its size. */
    long value(DeviceMemory memory, long offset, int bytes) {
        return aligned(address(memory, offset, bytes), bytes);
    }

    /** Address of {@code elements} values, which is a multiple of their size. */
    long values(DeviceMemory memory, long offset, int bytes, long elements) {
        return aligned(address(memory, offset, bytes * elements), bytes);
    }

    void requireInside(DeviceMemory memory, long offset, long bytes) {
        if ((offset | bytes) < 0 || offset > memory.size() - bytes) {
            throw link().invalid(user.toString(), "%d bytes at offset %d are not inside of %s".formatted(bytes, offset, memory),
                    "stay inside of its %d bytes".formatted(memory.size()));
        }
    }

    private long aligned(long address, int bytes) {
        if ((address & bytes - 1) != 0) {
            throw link().invalid(user.toString(), "address 0x%x is not a multiple of %d".formatted(address, bytes), "align it");
        }
        return address;
    }

    private ContextLink link() {
        return context.link();
    }
}
