package dev.openppu.driver;

/** Limits of a context, with their published numbers; {@link Context#limit} and {@link Context#setLimit} tell which this device has. */
public enum ContextLimit {
    /** Bytes of stack of a thread. */
    STACK_SIZE(0),
    /** Bytes of the FIFO of device-side {@code printf}; 18 MiB at first (facts §2). */
    PRINTF_FIFO_SIZE(1),
    /** Bytes of the heap of device-side {@code malloc}; 8 MiB at first (facts §2). */
    MALLOC_HEAP_SIZE(2),
    /** Depth of device-side waits. There are no device-side launches: unsupported. */
    DEV_RUNTIME_SYNC_DEPTH(3),
    /** Device-side launches that may be pending. There are none: unsupported. */
    DEV_RUNTIME_PENDING_LAUNCH_COUNT(4),
    /** Bytes that a miss fetches into L2, 0 to 128; a hint. */
    MAX_L2_FETCH_GRANULARITY(5),
    /** Bytes of L2 set aside for persisting accesses; this device sets none aside, so every value becomes 0. */
    PERSISTING_L2_CACHE_SIZE(6);

    private final int number;

    ContextLimit(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
