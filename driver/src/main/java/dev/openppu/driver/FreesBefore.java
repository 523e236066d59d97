package dev.openppu.driver;

import java.util.HashMap;
import java.util.Map;

/**
 * Which frees of pooled memory come before a point of a stream, as far as is known: the last of each stream that it is ordered behind, by events or by the legacy default stream. Nothing
 * that is in here is after that point; what is not in here may be before it, too, because only so many streams are remembered. Immutable, and the same object as long as nothing is new.
 */
final class FreesBefore {
    /** No free is known. */
    static final FreesBefore NONE = new FreesBefore(Map.of());
    /** Streams that are remembered. */
    private static final int MOST = 64;

    /** Number of the last free, by stream. */
    private final Map<Integer, Long> last;

    private FreesBefore(Map<Integer, Long> last) {
        this.last = last;
    }

    /** Whether the stream's free of that number comes before. */
    boolean contains(int stream, long free) {
        return last.getOrDefault(stream, 0L) >= free;
    }

    /** A free of the stream whose point this is. */
    FreesBefore with(int stream, long free) {
        return and(new FreesBefore(Map.of(stream, free)));
    }

    /** What comes before this point or another one, which it has waited for. */
    FreesBefore and(FreesBefore other) {
        if (other.last.entrySet().stream().allMatch(free -> contains(free.getKey(), free.getValue()))) {
            return this;
        }
        Map<Integer, Long> merged = new HashMap<>(last);
        other.last.forEach((stream, free) -> {
            if (merged.containsKey(stream) || merged.size() < MOST) {
                merged.merge(stream, free, Math::max);
            }
        });
        return new FreesBefore(Map.copyOf(merged));
    }
}
