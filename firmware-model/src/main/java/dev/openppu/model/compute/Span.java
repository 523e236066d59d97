package dev.openppu.model.compute;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

/**
 * Addresses that one translation covers.
 *
 * @param start first virtual address
 * @param length bytes, at least 1
 * @param segment exactly these bytes, 8-byte aligned with {@code start}, or null where they can only be reached one access at a time. Atomic operations on
 *        spans without a segment are the memory's to refuse when it resolves them.
 */
public record Span(long start, long length, @Nullable MemorySegment segment) {
    /** True when {@code bytes} bytes from {@code address} are inside. */
    public boolean covers(long address, int bytes) {
        long offset = address - start;
        return offset >= 0 && offset <= length - bytes;
    }
}
