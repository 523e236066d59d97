package dev.openppu.driver;

/** Which freed memory a pool may give to a stream other than that which freed it: the published reuse flags. */
public enum PoolReuse {
    /** Memory whose freeing the allocating stream has waited for. Found by what is complete, or by a wait of its own: nothing is taken by this flag alone. */
    FOLLOW_EVENT_DEPENDENCIES,
    /** Memory whose freeing point the device has reached already. */
    ALLOW_OPPORTUNISTIC,
    /** Any: the allocating stream is made to wait for the freeing point. */
    ALLOW_INTERNAL_DEPENDENCIES
}
