package dev.openppu.driver;

/** Where the bytes of memory are that engines reach. */
public enum MemoryKind {
    /** In the device. */
    DEVICE,
    /** In the host, allocated for the device. */
    PINNED,
    /** In the host, the application's own, registered for the device. */
    REGISTERED
}
