package dev.openppu.hal.posix.file;

import dev.openppu.hal.posix.call.Mappings;
import java.lang.foreign.MemorySegment;

/**
 * What takes the place of a mapping of shared memory when the other side is gone, or nobody here may use it any more: memory of this process's own at the same address. An access that is under
 * way meets one or the other, and none the unmapped.
 */
public final class DeadMemory {
    private static final long CHUNK = 1L << 20;
    /** Each chunk is a mapping of its own, of which the kernel gives a process 65,530. */
    private static final long MOST_ONES = 1L << 30;

    private DeadMemory() {}

    /** Reads as all ones, as a device that was pulled out does; as zero if it is longer than 1 GiB. Whole pages. */
    public static void ones(MemorySegment place) {
        if (place.byteSize() > MOST_ONES) {
            zeros(place);
            return;
        }
        try (SharedMemory ones = SharedMemory.create("openppu-ones", Math.min(place.byteSize(), CHUNK))) {
            ones.segment().fill((byte) -1);
            for (long at = 0; at < place.byteSize(); at += CHUNK) {
                FileCalls.mapOver(place.asSlice(at, Math.min(CHUNK, place.byteSize() - at)), Mappings.MAP_PRIVATE,
                        ones.descriptor().number());
            }
        }
    }

    /** Reads as zero. Whole pages. */
    public static void zeros(MemorySegment place) {
        FileCalls.mapOver(place, Mappings.MAP_PRIVATE | Mappings.MAP_ANONYMOUS | Mappings.MAP_NORESERVE, Mappings.NO_FILE);
    }

    /** Nothing: nobody uses the addresses any more. */
    public static void unmap(MemorySegment place) {
        Mappings.munmap(place);
    }
}
