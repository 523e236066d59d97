package dev.openppu.hal.posix;

import java.lang.foreign.MemorySegment;

/**
 * Copies of many bytes as the C library's {@code memcpy} does them: by the processor's string instructions, which do not read what they will overwrite. Into memory that is in no
 * cache that is a quarter faster than the JDK's copy, which a copy of less than a few KiB, or of a mapped file, still is here: an error of the medium under a file then is an exception.
 *
 * <p>Thread-safe. The bytes are visible to other threads as plain stores are.
 */
public final class LongCopy {
    private static final long SHORTEST = 4 << 10;

    private LongCopy() {}

    /**
     * Copies; the ranges must not overlap.
     *
     * @throws IndexOutOfBoundsException if a range is not inside its segment
     * @throws IllegalStateException if the memory of one was closed
     * @throws WrongThreadException if one is confined to another thread
     */
    public static void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        if (bytes < SHORTEST || from.isMapped() || to.isMapped() || to.isReadOnly()) {
            MemorySegment.copy(from, fromOffset, to, toOffset, bytes);
        } else {
            MemoryCalls.memcpy(to.asSlice(toOffset, bytes), from.asSlice(fromOffset, bytes), bytes);
        }
    }
}
