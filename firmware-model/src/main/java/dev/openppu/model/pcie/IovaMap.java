package dev.openppu.model.pcie;

import dev.openppu.model.pcie.Iommu.Mapping;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is mapped where: mappings by their IOVAs, none over another.
 *
 * <p>Whoever changes it keeps everybody else out; looking things up may be done by several threads at once.
 */
final class IovaMap {
    private static final int GUESSES = 4;

    // where the last requests were: guesses, checked before they are used, so that a race costs a search and no more
    private final int[] guesses = new int[GUESSES];
    private int nextGuess;
    /** Ascending. */
    private Mapping[] mappings = new Mapping[0];

    /** @throws IllegalArgumentException if it overlaps another mapping */
    void add(Mapping mapping) {
        if (overlaps(mapping.iova(), mapping.size())) {
            throw new IllegalArgumentException("IOVA range 0x%x, %d bytes, overlaps a mapping".formatted(mapping.iova(), mapping.size()));
        }
        int at = indexAtOrAfter(mapping.iova());
        Mapping[] next = Arrays.copyOf(mappings, mappings.length + 1);
        System.arraycopy(mappings, at, next, at + 1, mappings.length - at);
        next[at] = mapping;
        mappings = next;
    }

    void remove(Mapping mapping) {
        mappings = Arrays.stream(mappings).filter(m -> m != mapping).toArray(Mapping[]::new);
    }

    List<Mapping> all() {
        return List.of(mappings);
    }

    /** Whether [iova, iova + bytes) overlaps a mapping. */
    boolean overlaps(long iova, long bytes) {
        int at = indexAtOrAfter(iova);
        return at < mappings.length && mappings[at].iova() < iova + bytes || at > 0 && mappings[at - 1].end() > iova;
    }

    /** The mapping of a request that needs no judging: one mapping that was used last holds all of it and grants it. Null if there is none, or it cannot be told simply. */
    @Nullable
    Mapping usual(long iova, long bytes, boolean write) {
        Mapping mapping = guess(iova, bytes);
        return mapping != null && mapping.allows(write) && mapping.alive() ? mapping : null;
    }

    /** Whether the device may use all of a range, which may lie in several mappings. */
    DmaResult judge(long iova, long bytes, boolean write) {
        if (bytes < 0 || iova < 0 || iova + bytes < 0) {
            return DmaResult.NOT_MAPPED;
        }
        long at = iova;
        do {
            Mapping mapping = find(at);
            if (mapping == null || !mapping.alive()) {
                return DmaResult.NOT_MAPPED;
            }
            if (!mapping.allows(write)) {
                return DmaResult.NO_RIGHT;
            }
            at = mapping.end();
        } while (at < iova + bytes);
        return DmaResult.OK;
    }

    /** How many bytes from {@code iova} on, at most {@code bytes}, the device may use. */
    long granted(long iova, long bytes, boolean write) {
        long end = iova;
        while (end < iova + bytes) {
            Mapping mapping = find(end);
            if (mapping == null || !mapping.allows(write) || !mapping.alive()) {
                break;
            }
            end = mapping.end();
        }
        return Math.min(bytes, end - iova);
    }

    /** The mapping that an IOVA is in, of which the device may use it. */
    Mapping at(long iova) {
        Mapping mapping = find(iova);
        if (mapping == null) {
            throw new IllegalStateException("IOVA 0x%x was granted and is not mapped".formatted(iova));
        }
        return mapping;
    }

    private @Nullable Mapping find(long iova) {
        Mapping known = guess(iova, 1);
        if (known != null) {
            return known;
        }
        int after = indexAtOrAfter(iova + 1);
        if (after > 0 && mappings[after - 1].end() > iova) {
            guesses[nextGuess] = after - 1;
            nextGuess = nextGuess + 1 & GUESSES - 1;
            return mappings[after - 1];
        }
        return null;
    }

    /** The mapping that holds all of a range, if it is one of those that were used last. */
    private @Nullable Mapping guess(long iova, long bytes) {
        Mapping[] all = mappings;
        for (int index : guesses) {
            if (index < all.length && all[index].holds(iova, bytes)) {
                return all[index];
            }
        }
        return null;
    }

    /** The first mapping that begins at {@code iova} or later. */
    private int indexAtOrAfter(long iova) {
        int low = 0;
        int high = mappings.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (mappings[middle].iova() < iova) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
