package dev.openppu.hal;

/** Properties of a device that some links hide; a test that needs a hidden one ends as unobservable, never as passed. */
public enum Observable {
    /** MSI-X mask and pending bits as the device has them. */
    MSIX_MASKING,
    /** Config space as the device has it (not a virtualised copy), including BAR sizing and resizing. */
    RAW_CONFIG_SPACE,
    /** The function's state right after a reset: not ready, configuration lost. */
    RESET_WINDOW,
    /** A DMA that the IOMMU refused is reported to the host. */
    DMA_FAULTS,
    /** Host memory that the device may only write cannot be read by it. */
    WRITE_ONLY_DMA,
    /** The order of events is decided by a seed and can be repeated. */
    DETERMINISM,
    /** The content of the whole device memory through a BAR. */
    DEVICE_MEMORY,
    /** Addresses on the bus: a BAR answers where software has put it and nowhere else, and a message goes where its entry of the MSI-X table says. */
    BUS_ADDRESSES
}
