package dev.openppu.hal.posix.vfio;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Capabilities behind a structure: a head (16 bits of id, 16 of version, 32 of the next one's offset in the structure, 0 at the end), then what the id means. Walked without trust: a
 * chain that leaves the structure or does not go forward ends.
 */
final class CapabilityChain {
    static final int SPARSE_MMAP = 1;
    static final int MSIX_MAPPABLE = 3;
    static final int IOVA_RANGE = 1;
    static final int DMA_AVAILABLE = 3;

    private static final int HEAD_BYTES = 8;
    private static final int NEXT = 4;
    private static final int COUNT = 8;
    private static final int PAIRS = 16;
    private static final int PAIR_BYTES = 16;

    private final MemorySegment structure;
    private final int first;

    /** A pair of 64-bit numbers in a capability: offset and size, or first and last. */
    record Pair(long left, long right) {}

    /** @param first offset of the first one, 0 if there is none */
    CapabilityChain(MemorySegment structure, int first) {
        this.structure = structure;
        this.first = first;
    }

    /** Whether there is one of this id. */
    boolean has(int id) {
        return find(id).isPresent();
    }

    private Optional<MemorySegment> find(int id) {
        long before = -1;
        long at = Integer.toUnsignedLong(first);
        while (at != 0 && at > before && at <= structure.byteSize() - HEAD_BYTES) {
            if ((structure.get(JAVA_SHORT_UNALIGNED, at) & 0xFFFF) == id) {
                return Optional.of(structure.asSlice(at));
            }
            before = at;
            at = Integer.toUnsignedLong(structure.get(JAVA_INT_UNALIGNED, at + NEXT));
        }
        return Optional.empty();
    }

    /** The array of a capability that has one; empty if it is not there, and cut where the structure ends. */
    Optional<List<Pair>> pairs(int id) {
        return find(id).filter(found -> found.byteSize() >= PAIRS).map(CapabilityChain::pairs);
    }

    private static List<Pair> pairs(MemorySegment capability) {
        long room = (capability.byteSize() - PAIRS) / PAIR_BYTES;
        long count = Math.min(room, Integer.toUnsignedLong(capability.get(JAVA_INT_UNALIGNED, COUNT)));
        List<Pair> pairs = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long at = PAIRS + i * PAIR_BYTES;
            pairs.add(new Pair(capability.get(JAVA_LONG_UNALIGNED, at), capability.get(JAVA_LONG_UNALIGNED, at + Long.BYTES)));
        }
        return List.copyOf(pairs);
    }

    /** The number of a capability that has one. */
    Optional<Long> number(int id) {
        return find(id).filter(found -> found.byteSize() >= COUNT + Integer.BYTES)
                .map(found -> Integer.toUnsignedLong(found.get(JAVA_INT_UNALIGNED, COUNT)));
    }
}
