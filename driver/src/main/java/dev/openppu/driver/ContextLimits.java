package dev.openppu.driver;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.client.ContextLink;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The limits of one context: what can be set, between which bounds, and in which steps. Thread-safe; nothing inside waits. */
final class ContextLimits {
    /** Our own bounds: the facts give the first values only. */
    private static final Map<ContextLimit, Bounds> BOUNDS = Map.of(
            ContextLimit.STACK_SIZE, new Bounds(1024, 0, 512L << 10, 16),
            ContextLimit.PRINTF_FIFO_SIZE, new Bounds(18L << 20, 64L << 10, 1L << 30, 4096),
            ContextLimit.MALLOC_HEAP_SIZE, new Bounds(8L << 20, 64L << 10, 8L << 30, 4096),
            ContextLimit.MAX_L2_FETCH_GRANULARITY, new Bounds(64, 0, 128, 32),
            ContextLimit.PERSISTING_L2_CACHE_SIZE, new Bounds(0, 0, 0, 1));

    private final ContextLink link;
    private final EnumMap<ContextLimit, Long> values = new EnumMap<>(ContextLimit.class);

    private record Bounds(long first, long least, long most, long step) {
        long fit(long value) {
            long clamped = Math.clamp(value, least, most);
            return Math.min(most, Math.ceilDiv(clamped, step) * step);
        }
    }

    ContextLimits(ContextLink link) {
        this.link = link;
    }

    synchronized long get(ContextLimit limit) {
        Bounds bounds = bounds(limit);
        Long value = values.get(limit);
        return value == null ? bounds.first : value;
    }

    synchronized void set(ContextLimit limit, long value) {
        Bounds bounds = bounds(limit);
        if (value < 0) {
            throw link.invalid(object(), "a limit " + limit + " of " + value, "give 0 or more");
        }
        values.put(limit, bounds.fit(value));
    }

    private Bounds bounds(ContextLimit limit) {
        @Nullable
        Bounds bounds = BOUNDS.get(limit);
        if (bounds == null) {
            throw new PpuException(Failure.of(HgResult.UNSUPPORTED_LIMIT, link.device(), object(),
                    "the device has no limit " + limit + ": it launches nothing by itself", "use one of " + BOUNDS.keySet()));
        }
        return bounds;
    }

    private String object() {
        return "context " + link.number();
    }
}
