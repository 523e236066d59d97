package dev.openppu.driver;

/** Which freed memory a pool may give to a stream other than that which freed it: the published reuse flags. */
public enum PoolReuse {
    /** Memory whose freeing the allocating stream comes behind: it has waited for an event that was recorded after it, maybe by way of other streams, or for the legacy default stream. */
    FOLLOW_EVENT_DEPENDENCIES,
    /** Memory whose freeing point the device has reached already. */
    ALLOW_OPPORTUNISTIC,
    /** Any: the allocating stream is made to wait for the freeing point. */
    ALLOW_INTERNAL_DEPENDENCIES
}
