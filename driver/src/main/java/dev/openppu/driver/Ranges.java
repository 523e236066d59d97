package dev.openppu.driver;

import dev.openppu.driver.client.ContextLink;
import java.util.Optional;

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

    /** Throws if two ranges of one address space have a byte in common. */
    void requireApart(long to, long from, long bytes) {
        if (from < to + bytes && to < from + bytes) {
            throw overlap();
        }
    }

    /** Throws if a row of one rectangle has a byte in common with any row of another, as far as both lie in one address space. */
    void requireApart(Pitched to, Pitched from, long width, long height) {
        Optional<Context> space = commonSpace(to.memory(), from.memory());
        if (space.isEmpty() || width == 0 || height == 0) {
            return;
        }
        long first = space.get().resolve(to.memory()).address() + to.offset();
        long other = space.get().resolve(from.memory()).address() + from.offset();
        if (other >= first + to.span(width, height) || first >= other + from.span(width, height)) {
            return;
        }
        for (long row = 0; row < height; row++) {
            long at = first + row * to.pitch();
            long nearest = Math.max(0, Math.ceilDiv(at - width + 1 - other, from.pitch())); // the first row of the other that ends behind this one's begin
            if (nearest < height && other + nearest * from.pitch() < at + width) {
                throw overlap();
            }
        }
    }

    private Optional<Context> commonSpace(DeviceMemory a, DeviceMemory b) {
        if (context.reaches(a) && context.reaches(b)) {
            return Optional.of(context);
        }
        return a.context() == b.context() ? Optional.of(a.context()) : Optional.empty();
    }

    private PpuException overlap() {
        return link().invalid(user.toString(), "source and destination of a copy overlap", "copy through a third buffer");
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
